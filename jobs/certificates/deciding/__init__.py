"""Asking a person about missed certificates, and keeping what was decided."""
