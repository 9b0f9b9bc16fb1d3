-- Undoes 0012_textbook_reports.up.sql

DROP TABLE metrics.textbook_creation_summary;
DROP TABLE metrics.textbook_creation_node;
DROP TABLE metrics.textbook_creation;
DROP TABLE metrics.qr_status_summary;
DROP TABLE metrics.qr_status_code;
DROP TABLE metrics.qr_status_textbook;
