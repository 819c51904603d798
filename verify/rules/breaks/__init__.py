"""What pages use that one release of SecretFlow has and another lacks, read from their wheels."""
