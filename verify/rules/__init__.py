"""The static gate: what reading alone shows to be wrong with a page, without a kernel."""
