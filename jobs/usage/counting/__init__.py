"""The daily usage of some days, staged."""
