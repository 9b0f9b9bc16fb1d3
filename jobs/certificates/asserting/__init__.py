"""Taking in a certificate that a person says a learner is owed."""
