-- Undoes 0012_textbook_reports.up.sql

SELECT 1;
