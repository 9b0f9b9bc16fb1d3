-- Owners whose platforms do not add up to their row of all platforms.
--
-- Severity    fail
-- Reads       metrics.usage_daily
-- Parameters  :day  the day published (date)

SELECT
    usage_daily.owner_scope,
    usage_daily.owner_channel
FROM metrics.usage_daily
WHERE usage_daily.day = :day
GROUP BY usage_daily.owner_scope, usage_daily.owner_channel
HAVING
    SUM(
        CASE WHEN usage_daily.platform = 'all' THEN 1 ELSE -1 END
        * usage_daily.scan_count
    ) <> 0
    OR SUM(
        CASE WHEN usage_daily.platform = 'all' THEN 1 ELSE -1 END
        * usage_daily.download_count
    ) <> 0
    OR SUM(
        CASE WHEN usage_daily.platform = 'all' THEN 1 ELSE -1 END
        * usage_daily.play_count
    ) <> 0
    OR SUM(
        CASE WHEN usage_daily.platform = 'all' THEN 1 ELSE -1 END
        * usage_daily.session_count
    ) <> 0
    OR COUNT(*) FILTER (WHERE usage_daily.platform = 'all') <> 1
