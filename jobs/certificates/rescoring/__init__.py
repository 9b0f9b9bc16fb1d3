"""The score check: invalid attempts of a batch, reported, and taken out on a person's word."""
