"""Sunbird's own tables turned into ours, once, on read."""
