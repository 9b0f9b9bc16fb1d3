"""The archive of one batch: the report in every format, and what could not be read."""
