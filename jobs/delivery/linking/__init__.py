"""Links to files that are too large for a mail."""
