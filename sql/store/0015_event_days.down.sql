-- Undoes 0015_event_days.up.sql

SELECT 1;
