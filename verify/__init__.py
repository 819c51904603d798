"""Runs SecretFlow's tutorials for real and judges whether each page says what happens."""
