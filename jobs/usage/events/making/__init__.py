"""Landed rows to whole event days."""
