"""Usage of a day: what is counted of the telemetry, and whose it is."""
