"""The tenants' rules for protecting files: listed, set and removed."""
