"""The documented environments, and what they hold."""
