"""What tables are: names, grains, keys and fields, with no session needed."""
