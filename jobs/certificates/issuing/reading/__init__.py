"""What the platform holds now."""
