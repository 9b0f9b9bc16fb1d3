-- Rows whose scans are not the successful and the failed ones together, or more unmapped than all.
--
-- Severity    fail
-- Reads       metrics.usage_daily
-- Parameters  :day  the day published (date)

SELECT
    usage_daily.owner_scope,
    usage_daily.owner_channel,
    usage_daily.platform
FROM metrics.usage_daily
WHERE
    usage_daily.day = :day
    AND (
        usage_daily.scan_count
        <> usage_daily.successful_scan_count + usage_daily.failed_scan_count
        OR usage_daily.unmapped_scan_count > usage_daily.scan_count
    )
