-- Undoes 0013_summaries.up.sql

SELECT 1;
