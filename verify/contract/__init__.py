"""What a document documents: contract, claims, pins, the ledgers of defects."""
