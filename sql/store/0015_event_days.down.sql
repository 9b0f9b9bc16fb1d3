-- Undoes 0015_event_days.up.sql

DROP TABLE operations.event_day_use;

DROP TABLE operations.event_day;

DROP TABLE operations.telemetry_arrival;
