"""The gate over partitions of metric tables, and their publishing."""
