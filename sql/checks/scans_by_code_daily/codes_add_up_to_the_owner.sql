-- Owners whose codes do not add up to their scans in usage_daily.
--
-- Severity    fail
-- Reads       metrics.scans_by_code_daily, metrics.usage_daily
-- Parameters  :day  the day published (date)

SELECT
    usage_daily.owner_scope,
    usage_daily.owner_channel
FROM metrics.usage_daily
LEFT JOIN metrics.scans_by_code_daily AS by_code
    ON
        usage_daily.day = by_code.day
        AND usage_daily.owner_scope = by_code.owner_scope
        AND usage_daily.owner_channel = by_code.owner_channel
WHERE
    usage_daily.day = :day
    AND usage_daily.platform = 'all'
    AND usage_daily.owner_scope <> 'overall'
GROUP BY
    usage_daily.owner_scope,
    usage_daily.owner_channel,
    usage_daily.scan_count,
    usage_daily.failed_scan_count
HAVING
    COALESCE(SUM(by_code.scan_count), 0) <> usage_daily.scan_count
    OR COALESCE(SUM(by_code.failed_scan_count), 0) <> usage_daily.failed_scan_count
