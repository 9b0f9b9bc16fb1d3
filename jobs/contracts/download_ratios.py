"""How often certificates and reports are downloaded, of those that there are."""

from jobs.contracts.contract import Contract

RATIO_TABLES: dict[str, Contract] = {}
