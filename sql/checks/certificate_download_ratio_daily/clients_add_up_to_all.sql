-- Courses of the day where the clients' downloads are not the sum that `all` says.
--
-- Severity    fail
-- Reads       metrics.certificate_download_ratio_daily
-- Parameters  :day  the day that is published (date)

SELECT
    found.scope,
    found.course_id
FROM metrics.certificate_download_ratio_daily AS found
WHERE found.day = :day
GROUP BY found.scope, found.course_id
HAVING
    SUM(CASE WHEN found.client = 'all' THEN found.download_count ELSE -found.download_count END)
    <> 0
    OR COUNT(*) FILTER (WHERE found.client = 'all') <> 1
