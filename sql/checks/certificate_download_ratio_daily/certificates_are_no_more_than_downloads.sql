-- Rows of the day with more certificates downloaded than downloads, or than were issued.
--
-- Severity    fail
-- Reads       metrics.certificate_download_ratio_daily
-- Parameters  :day  the day that is published (date)

SELECT
    found.course_id,
    found.client
FROM metrics.certificate_download_ratio_daily AS found
WHERE
    found.day = :day
    AND found.downloaded_certificate_count > LEAST(found.download_count, found.issued_count)
