"""The ledger as a file, for what reads all of it."""
