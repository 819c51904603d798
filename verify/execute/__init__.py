"""Preparing and running a document in its documented environment."""
