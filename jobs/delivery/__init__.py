"""Archives, messages and the one outbox."""
