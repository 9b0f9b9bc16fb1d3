-- What every state came to on the last day: sums over sums, never means of means.
SELECT
    state,
    SUM(enrolment_count) AS enrolment_count,
    SUM(completion_count) AS completion_count,
    SUM(completion_count) / NULLIF(SUM(enrolment_count), 0) AS completion_ratio
FROM collection_summary_daily
WHERE day = (SELECT MAX(latest.day) FROM collection_summary_daily AS latest)
GROUP BY state
ORDER BY enrolment_count DESC, state ASC;

-- The twenty batches in which most completions wait for their certificate.
SELECT
    batch_id,
    batch_name,
    collection_name,
    SUM(certificate_lag_count) AS certificate_lag_count,
    SUM(completion_count) AS completion_count
FROM collection_summary_daily
WHERE
    has_certificate = 'Y'
    AND day = (SELECT MAX(latest.day) FROM collection_summary_daily AS latest)
GROUP BY batch_id, batch_name, collection_name
HAVING SUM(certificate_lag_count) > 0
ORDER BY certificate_lag_count DESC, batch_id ASC
LIMIT 20;

-- How many enrolled and completed from day to day, over all batches.
SELECT
    day,
    SUM(enrolment_count) AS enrolment_count,
    SUM(enrolment_count) - LAG(SUM(enrolment_count)) OVER (ORDER BY day) AS new_enrolment_count,
    SUM(completion_count) - LAG(SUM(completion_count)) OVER (ORDER BY day) AS new_completion_count
FROM collection_summary_daily
GROUP BY day
ORDER BY day;
