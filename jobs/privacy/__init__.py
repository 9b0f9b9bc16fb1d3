"""Who has whose data, and how it goes away again."""
