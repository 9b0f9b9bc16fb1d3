"""The batch side of a Sunbird LMS."""
