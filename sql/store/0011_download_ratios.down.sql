-- Undoes 0011_download_ratios.up.sql

SELECT 1;
