"""Tenants and textbooks as they were on each day."""
