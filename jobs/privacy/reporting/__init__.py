"""Who has whose data."""
