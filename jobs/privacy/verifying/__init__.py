"""Whether the audit log is as it was written."""
