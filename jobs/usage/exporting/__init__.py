"""The files of daily usage that portals read."""
