"""The page Sunbird Batch: looks at the store, asks for files, and decides about held messages."""
