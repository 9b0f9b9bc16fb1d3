"""The catalogue: what readers see of which textbook, under which board."""
