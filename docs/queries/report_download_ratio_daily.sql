-- Progress reports downloaded per batch, by tenant, on the last day.
SELECT
    scope_id AS channel,
    scope_name AS tenant_name,
    batch_count,
    download_count,
    download_ratio,
    delivered_ratio
FROM report_download_ratio_daily
WHERE
    scope = 'tenant'
    AND day = (SELECT MAX(latest.day) FROM report_download_ratio_daily AS latest)
ORDER BY batch_count DESC, channel ASC;

-- Batches that run and whose report nobody has downloaded or been sent.
SELECT
    scope_id AS batch_id,
    scope_name AS batch_name,
    course_id,
    channel
FROM report_download_ratio_daily
WHERE
    scope = 'batch'
    AND day = (SELECT MAX(latest.day) FROM report_download_ratio_daily AS latest)
    AND download_count + mailed_count + link_opening_count = 0
ORDER BY channel, batch_id;

-- Downloads of the last thirty days: by mentors and others, and how many have a known batch.
SELECT
    day,
    download_on_day_count,
    mentor_download_count,
    other_download_count,
    coverage_ratio
FROM report_download_ratio_daily
WHERE scope = 'all_courses'
ORDER BY day DESC
LIMIT 30;
