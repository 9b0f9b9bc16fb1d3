-- Download ratios and the partitions of metric tables, undone: freshness tells snapshots alone.

DROP TABLE metrics.report_download_ratio_daily;

DROP TABLE metrics.certificate_download_ratio_daily;

DROP VIEW metrics.table_freshness;

CREATE VIEW metrics.table_freshness AS
SELECT DISTINCT ON (snapshot.table_name)
    snapshot.table_name,
    snapshot.data_as_of,
    snapshot.published_at,
    snapshot.row_count,
    snapshot.quarantined_count
FROM operations.snapshot AS snapshot
ORDER BY
    snapshot.table_name ASC,
    snapshot.published_at DESC,
    snapshot.snapshot_id DESC;

DROP TABLE operations.metric_partition;
