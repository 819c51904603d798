"""Words with the machine: cache, git, child processes, interpreters, typed TOML."""
