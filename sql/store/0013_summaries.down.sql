-- Undoes 0013_summaries.up.sql

DROP TABLE metrics.group_activity;

DROP TABLE metrics.collection_summary_daily;
