"""Telling the platform of certificates that were issued."""
