-- Group activity and the collection summary.
--
-- Makes       
-- Undone by   0013_summaries.down.sql

SELECT 1;
