"""Messages that wait for a person."""
