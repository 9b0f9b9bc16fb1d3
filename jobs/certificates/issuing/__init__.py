"""Issuing what was approved."""
