"""The names of the platform's figures."""

COMPLETED_COUNT = "completedCount"
