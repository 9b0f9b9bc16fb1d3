"""The answer to whoever handed an adoption file over."""
