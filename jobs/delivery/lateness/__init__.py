"""Telling of requests that run late."""
