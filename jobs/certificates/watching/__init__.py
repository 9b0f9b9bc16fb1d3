"""What a live platform holds of templates, look after look."""
