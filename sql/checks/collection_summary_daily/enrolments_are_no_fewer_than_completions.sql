-- Rows of the day that count more completions or certificates than learners: a join went wrong.
--
-- Severity    fail
-- Reads       metrics.collection_summary_daily
-- Parameters  :day  the day (date)

SELECT
    batch_id,
    state,
    district
FROM metrics.collection_summary_daily
WHERE
    day = :day
    AND (completion_count > enrolment_count OR certificate_count > enrolment_count)
