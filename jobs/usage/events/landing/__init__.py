"""One day of arrived telemetry to narrow rows by event day and kind."""
