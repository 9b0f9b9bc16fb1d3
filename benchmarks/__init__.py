"""What the software costs: wall seconds, and the peak memory of the whole process tree."""
