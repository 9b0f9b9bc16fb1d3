"""Adoption: a file of a state is read, judged row by row, applied and answered."""
