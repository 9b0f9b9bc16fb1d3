"""What the audit log is told of answered requests."""
