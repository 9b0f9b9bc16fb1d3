"""What the public server says of certificates."""
