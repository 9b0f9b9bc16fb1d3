"""The ends that a request can come to."""
