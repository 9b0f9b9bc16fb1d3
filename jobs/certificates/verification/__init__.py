"""Whether a certificate is genuine, altered, unknown or revoked."""
