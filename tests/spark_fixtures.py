"""One Spark session for the whole run, small and quiet."""
