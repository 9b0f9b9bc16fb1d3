"""Finds the batches that a request means."""
