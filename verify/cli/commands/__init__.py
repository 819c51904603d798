"""The commands, a file each: `command` has the options and the words of its help."""
