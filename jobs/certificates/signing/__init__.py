"""The desk at which certificates are made."""
