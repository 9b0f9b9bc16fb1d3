"""Certificates: who earned one, who goes without, and what it is."""
