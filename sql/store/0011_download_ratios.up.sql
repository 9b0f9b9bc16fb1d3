-- Download ratios of certificates and reports.
--
-- Makes       
-- Undone by   0011_download_ratios.down.sql

SELECT 1;
