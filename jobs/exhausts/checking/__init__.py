"""The gate between a file and its delivery."""
