"""Where made files are put, and taken away again."""
