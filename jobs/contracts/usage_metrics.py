"""Scans, downloads, plays and sessions of a day, and whose they are."""

from jobs.contracts.contract import Contract

USAGE_TABLES: dict[str, Contract] = {}
