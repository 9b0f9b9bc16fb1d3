-- Platforms where the owners' counts of the day are not the whole's: an event went to nobody or to two.
--
-- Severity    fail
-- Reads       metrics.usage_daily
-- Parameters  :day  the day published (date)

SELECT usage_daily.platform
FROM metrics.usage_daily
WHERE usage_daily.day = :day
GROUP BY usage_daily.platform
HAVING
    SUM(
        CASE WHEN usage_daily.owner_scope = 'overall' THEN 1 ELSE -1 END
        * usage_daily.scan_count
    ) <> 0
    OR SUM(
        CASE WHEN usage_daily.owner_scope = 'overall' THEN 1 ELSE -1 END
        * usage_daily.successful_scan_count
    ) <> 0
    OR SUM(
        CASE WHEN usage_daily.owner_scope = 'overall' THEN 1 ELSE -1 END
        * usage_daily.unmapped_scan_count
    ) <> 0
    OR SUM(
        CASE WHEN usage_daily.owner_scope = 'overall' THEN 1 ELSE -1 END
        * usage_daily.download_count
    ) <> 0
    OR SUM(
        CASE WHEN usage_daily.owner_scope = 'overall' THEN 1 ELSE -1 END
        * usage_daily.play_count
    ) <> 0
    OR SUM(
        CASE WHEN usage_daily.owner_scope = 'overall' THEN 1 ELSE -1 END
        * usage_daily.session_count
    ) <> 0
    OR SUM(
        CASE WHEN usage_daily.owner_scope = 'overall' THEN 1 ELSE -1 END
        * usage_daily.adopted_credit_count
    ) <> 0
    OR ABS(SUM(
        CASE WHEN usage_daily.owner_scope = 'overall' THEN 1 ELSE -1 END
        * usage_daily.play_hours
    )) > 0.001
    OR ABS(SUM(
        CASE WHEN usage_daily.owner_scope = 'overall' THEN 1 ELSE -1 END
        * usage_daily.session_hours
    )) > 0.001
