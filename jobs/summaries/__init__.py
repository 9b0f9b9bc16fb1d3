"""Summaries of batches: enrolments, completions and certificates by place."""
