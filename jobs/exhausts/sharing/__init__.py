"""Gives equal requests one answer."""
