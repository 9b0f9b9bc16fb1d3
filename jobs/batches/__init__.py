"""The status of every batch by its dates, and the LMS that must agree with it."""
