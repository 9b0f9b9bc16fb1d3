-- Undoes 0010_usage.up.sql

SELECT 1;
