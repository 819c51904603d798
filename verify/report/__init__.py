"""The report, and one small renderer for each format."""
