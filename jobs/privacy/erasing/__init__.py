"""How one learner's data goes away."""
