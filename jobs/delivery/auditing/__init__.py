"""What the audit log is told of mails."""
