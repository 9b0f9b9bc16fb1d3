"""Telling the team of runs that failed or are late."""
