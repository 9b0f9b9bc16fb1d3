"""Attaching, updating and removing a certificate template, and what was there before."""
