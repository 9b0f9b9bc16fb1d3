"""What a batch has come to, by place and kind of learner."""

from jobs.contracts.contract import Contract

SUMMARY_TABLES: dict[str, Contract] = {}
