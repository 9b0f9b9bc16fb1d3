"""How what is old goes away."""
