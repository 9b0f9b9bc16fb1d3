"""Who agreed that their data is shared."""
