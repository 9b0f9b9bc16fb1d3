-- Owners whose states do not add up to their row of all platforms in usage_daily.
--
-- Severity    fail
-- Reads       metrics.usage_daily_by_state, metrics.usage_daily
-- Parameters  :day  the day published (date)

SELECT
    usage_daily.owner_scope,
    usage_daily.owner_channel
FROM metrics.usage_daily
LEFT JOIN metrics.usage_daily_by_state AS by_state
    ON
        usage_daily.day = by_state.day
        AND usage_daily.owner_scope = by_state.owner_scope
        AND usage_daily.owner_channel = by_state.owner_channel
WHERE
    usage_daily.day = :day
    AND usage_daily.platform = 'all'
GROUP BY
    usage_daily.owner_scope,
    usage_daily.owner_channel,
    usage_daily.scan_count,
    usage_daily.download_count,
    usage_daily.play_count
HAVING
    COALESCE(SUM(by_state.scan_count), 0) <> usage_daily.scan_count
    OR COALESCE(SUM(by_state.download_count), 0) <> usage_daily.download_count
    OR COALESCE(SUM(by_state.play_count), 0) <> usage_daily.play_count
