-- Clients of the day whose courses, with the downloads of no known course, are not all courses.
--
-- Severity    fail
-- Reads       metrics.certificate_download_ratio_daily
-- Parameters  :day  the day that is published (date)

SELECT found.client
FROM metrics.certificate_download_ratio_daily AS found
WHERE found.day = :day
GROUP BY found.client
HAVING
    SUM(
        CASE
            WHEN found.scope = 'all_courses' THEN found.download_count - found.unattributed_count
            ELSE -found.download_count
        END
    ) <> 0
