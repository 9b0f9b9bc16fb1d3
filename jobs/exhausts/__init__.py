"""The files that a mentor asks for."""
