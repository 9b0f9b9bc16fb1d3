"""Proposals to mend enrolments: told every night, approved by command."""
