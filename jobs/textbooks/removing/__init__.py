"""Removal: an adoption ends, and what was stays known."""
