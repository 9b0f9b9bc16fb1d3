"""Telling the LMS what the status of its batches is, until it has said yes."""
