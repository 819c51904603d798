"""The stored outputs of a page, read: training logs and their metrics."""
