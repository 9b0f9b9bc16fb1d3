-- Download ratios of certificates and reports, and which partitions of metric tables there are.
--
-- Makes       operations.metric_partition, metrics.certificate_download_ratio_daily,
--             metrics.report_download_ratio_daily; metrics.table_freshness tells metric tables too
-- Undone by   0011_download_ratios.down.sql

CREATE TABLE operations.metric_partition (
    table_name text NOT NULL,
    partition_name text NOT NULL,
    row_count bigint NOT NULL,
    data_as_of timestamp with time zone NOT NULL,
    published_at timestamp with time zone NOT NULL,
    PRIMARY KEY (table_name, partition_name)
);

CREATE OR REPLACE VIEW metrics.table_freshness AS
(
    SELECT DISTINCT ON (snapshot.table_name)
        snapshot.table_name,
        snapshot.data_as_of,
        snapshot.published_at,
        snapshot.row_count,
        snapshot.quarantined_count,
        NULL::text AS last_partition,
        NULL::bigint AS partition_count
    FROM operations.snapshot AS snapshot
    ORDER BY
        snapshot.table_name ASC,
        snapshot.published_at DESC,
        snapshot.snapshot_id DESC
)
UNION ALL
SELECT
    metric.table_name,
    MAX(metric.data_as_of) AS data_as_of,
    MAX(metric.published_at) AS published_at,
    SUM(metric.row_count)::bigint AS row_count,
    0::bigint AS quarantined_count,
    NULLIF(MAX(metric.partition_name), '') AS last_partition,
    COUNT(*) AS partition_count
FROM operations.metric_partition AS metric
GROUP BY metric.table_name;

CREATE TABLE metrics.certificate_download_ratio_daily (
    day date NOT NULL,
    scope text NOT NULL CHECK (scope IN ('course', 'all_courses')),
    course_id text NOT NULL,
    client text NOT NULL CHECK (
        client IN (
            'all', 'app', 'mobile_web', 'portal', 'portal_unknown', 'desktop', 'unknown'
        )
    ),
    course_name text,
    course_channel text,
    issued_count bigint NOT NULL,
    issued_on_day_count bigint NOT NULL,
    download_count bigint NOT NULL,
    download_on_day_count bigint NOT NULL,
    downloaded_certificate_count bigint NOT NULL,
    user_count bigint NOT NULL,
    anonymous_device_count bigint NOT NULL,
    download_ratio double precision,
    unique_download_ratio double precision,
    day_to_date_ratio double precision,
    day_ratio double precision,
    without_certificate_count bigint NOT NULL,
    inferred_count bigint NOT NULL,
    unattributed_count bigint,
    coverage_ratio double precision,
    others_click_count bigint NOT NULL,
    is_final boolean NOT NULL,
    data_as_of timestamp with time zone NOT NULL,
    PRIMARY KEY (day, scope, course_id, client)
);

CREATE TABLE metrics.report_download_ratio_daily (
    day date NOT NULL,
    scope text NOT NULL CHECK (scope IN ('batch', 'course', 'tenant', 'all_courses')),
    scope_id text NOT NULL,
    scope_name text,
    course_id text,
    channel text,
    batch_count bigint NOT NULL,
    batch_on_day_count bigint NOT NULL,
    started_batch_count bigint NOT NULL,
    downloaded_batch_count bigint NOT NULL,
    download_count bigint NOT NULL,
    download_on_day_count bigint NOT NULL,
    user_count bigint NOT NULL,
    mentor_download_count bigint NOT NULL,
    other_download_count bigint NOT NULL,
    before_start_count bigint NOT NULL,
    after_end_count bigint NOT NULL,
    inferred_count bigint NOT NULL,
    score_download_count bigint NOT NULL,
    summary_download_count bigint NOT NULL,
    legacy_download_count bigint NOT NULL,
    mailed_count bigint NOT NULL,
    link_opening_count bigint NOT NULL,
    delivered_on_day_count bigint NOT NULL,
    download_ratio double precision,
    day_to_date_ratio double precision,
    day_ratio double precision,
    delivered_ratio double precision,
    without_course_count bigint,
    without_tenant_count bigint,
    coverage_ratio double precision,
    is_final boolean NOT NULL,
    data_as_of timestamp with time zone NOT NULL,
    PRIMARY KEY (day, scope, scope_id)
);
