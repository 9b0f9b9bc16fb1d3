-- Usage of a day: scans, downloads, plays, sessions.
--
-- Makes       
-- Undone by   0010_usage.down.sql

SELECT 1;
