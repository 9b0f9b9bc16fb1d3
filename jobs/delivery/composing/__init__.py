"""Putting one message together."""
