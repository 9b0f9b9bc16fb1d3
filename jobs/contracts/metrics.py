"""The tables of the schema `metrics`: what analysts count on."""

from jobs.contracts.collection_summary import SUMMARY_TABLES
from jobs.contracts.contract import Contract
from jobs.contracts.download_ratios import RATIO_TABLES
from jobs.contracts.textbook_reports import TEXTBOOK_REPORT_TABLES
from jobs.contracts.usage_metrics import USAGE_TABLES

METRIC_TABLES: dict[str, Contract] = (
    USAGE_TABLES | RATIO_TABLES | TEXTBOOK_REPORT_TABLES | SUMMARY_TABLES
)
