"""A small Sunbird, generated at any size."""
