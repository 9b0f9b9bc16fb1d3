"""Where one learner's data is."""
