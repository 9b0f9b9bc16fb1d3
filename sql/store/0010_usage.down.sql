-- Usage of a day, undone: the tables go, with the history that they hold.

DROP TABLE metrics.scans_by_code_daily;

DROP TABLE metrics.usage_daily_by_state;

DROP TABLE metrics.usage_daily;
