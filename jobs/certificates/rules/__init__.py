"""Who earns a certificate: one normal form of rules, what it is read from, and how it is judged."""
