"""Telemetry to usage events: landed once, counted once, a day open for a week."""
