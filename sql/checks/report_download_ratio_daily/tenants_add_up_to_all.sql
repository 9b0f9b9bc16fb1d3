-- One row where the tenants' downloads, with those of no known tenant, are not all courses'.
--
-- Severity    fail
-- Reads       metrics.report_download_ratio_daily
-- Parameters  :day  the day that is published (date)

SELECT sums.download_count
FROM (
    SELECT
        SUM(
            CASE
                WHEN found.scope = 'all_courses'
                    THEN found.download_count - found.without_tenant_count
                ELSE -found.download_count
            END
        ) AS download_count
    FROM metrics.report_download_ratio_daily AS found
    WHERE
        found.day = :day
        AND found.scope IN ('tenant', 'all_courses')
) AS sums
WHERE sums.download_count <> 0
