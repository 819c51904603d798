"""The ledger of a release: known defects, where they show on a page, and how they are repaired."""
