"""Notices: users of a state are told of new values of an adopted textbook."""
