-- Which days of usage events were made of what.
--
-- Makes       
-- Undone by   0015_event_days.down.sql

SELECT 1;
