"""What SecretFlow's aggregators do with arrays of every kind, held against an own reference."""
