"""Groups of learners: how far their members are in the group's activities."""
