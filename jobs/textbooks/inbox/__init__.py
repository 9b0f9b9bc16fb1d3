"""The inbox: adoption files that wait to be taken in."""
