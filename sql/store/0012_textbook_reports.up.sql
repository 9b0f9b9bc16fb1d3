-- Reports about textbooks and their QR codes.
--
-- Makes       
-- Undone by   0012_textbook_reports.down.sql

SELECT 1;
