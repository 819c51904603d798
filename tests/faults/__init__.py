"""The fault matrix: each row a fault put into a real run, and what has to come of it."""
