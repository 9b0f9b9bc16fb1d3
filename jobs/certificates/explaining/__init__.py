"""Why a learner has a certificate, misses it, or did not earn it."""
