"""What comes back after a message was sent."""
