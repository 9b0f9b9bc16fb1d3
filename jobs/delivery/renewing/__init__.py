"""Files that may no longer be sent as they are."""
