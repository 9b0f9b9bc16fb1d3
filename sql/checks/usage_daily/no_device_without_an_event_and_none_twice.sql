-- Rows with more devices than plays or sessions, and a whole with more devices than its owners have.
--
-- Severity    fail
-- Reads       metrics.usage_daily
-- Parameters  :day  the day published (date)

SELECT usage_daily.platform
FROM metrics.usage_daily
WHERE
    usage_daily.day = :day
    AND (
        usage_daily.play_device_count > usage_daily.play_count
        OR usage_daily.session_device_count > usage_daily.session_count
    )
UNION ALL
SELECT usage_daily.platform
FROM metrics.usage_daily
WHERE usage_daily.day = :day
GROUP BY usage_daily.platform
HAVING
    SUM(usage_daily.play_device_count) FILTER (WHERE usage_daily.owner_scope = 'overall')
    NOT BETWEEN
    MAX(usage_daily.play_device_count) FILTER (WHERE usage_daily.owner_scope <> 'overall')
    AND SUM(usage_daily.play_device_count) FILTER (WHERE usage_daily.owner_scope <> 'overall')
