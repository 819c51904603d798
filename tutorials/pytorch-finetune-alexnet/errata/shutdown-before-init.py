"""Shutting down what was never started fails instead of doing nothing."""

import secretflow

secretflow.shutdown()
