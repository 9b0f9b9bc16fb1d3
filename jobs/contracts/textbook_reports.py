"""How far textbooks are made, and which of their QR codes have content."""

from jobs.contracts.contract import Contract

TEXTBOOK_REPORT_TABLES: dict[str, Contract] = {}
