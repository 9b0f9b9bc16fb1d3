-- Rows of the day where mentors and others are not all, or a batch is counted that was not made.
--
-- Severity    fail
-- Reads       metrics.report_download_ratio_daily
-- Parameters  :day  the day that is published (date)

SELECT
    found.scope,
    found.scope_id
FROM metrics.report_download_ratio_daily AS found
WHERE
    found.day = :day
    AND (
        found.mentor_download_count + found.other_download_count <> found.download_count
        OR found.batch_on_day_count > found.batch_count
        OR found.started_batch_count > found.batch_count
        OR found.downloaded_batch_count > found.download_count
    )
