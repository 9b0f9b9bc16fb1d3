"""The files of the requests that a run holds."""
