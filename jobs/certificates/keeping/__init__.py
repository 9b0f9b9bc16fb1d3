"""Pictures in the object store, under the hash of their bytes."""
