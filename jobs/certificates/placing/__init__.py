"""Where a certificate is attached, as the platform has it."""
