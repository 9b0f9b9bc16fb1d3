"""Looks at the queue as a whole, at each run."""
