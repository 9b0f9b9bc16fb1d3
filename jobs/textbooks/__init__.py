"""Textbooks: which ones a state adopted, who sees them, and how far each has come."""
