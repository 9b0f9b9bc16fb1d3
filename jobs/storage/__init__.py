"""Where things are: lake, store, objects and mail."""
