"""Fills the archive of a batch's answers, however many there are."""
