"""Numbers that contradict each other, the code or the outputs."""
