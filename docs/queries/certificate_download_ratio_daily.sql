-- How often certificates were downloaded to date, of those issued, on the last day, by client.
SELECT
    day,
    client,
    issued_count,
    download_count,
    download_ratio,
    unique_download_ratio,
    coverage_ratio
FROM certificate_download_ratio_daily
WHERE
    scope = 'all_courses'
    AND day = (SELECT MAX(latest.day) FROM certificate_download_ratio_daily AS latest)
ORDER BY client;

-- The twenty courses with most certificates that nobody has downloaded yet.
SELECT
    course_id,
    course_name,
    issued_count,
    issued_count - downloaded_certificate_count AS waiting_count,
    unique_download_ratio
FROM certificate_download_ratio_daily
WHERE
    scope = 'course'
    AND client = 'all'
    AND day = (SELECT MAX(latest.day) FROM certificate_download_ratio_daily AS latest)
ORDER BY waiting_count DESC, course_id ASC
LIMIT 20;

-- Downloads of each week by client, and downloads per certificate issued that week.
SELECT
    DATE_TRUNC('week', day)::date AS week_on,
    client,
    SUM(download_on_day_count) AS download_count,
    SUM(issued_on_day_count) AS issued_count,
    ROUND(SUM(download_on_day_count) / NULLIF(SUM(issued_on_day_count), 0), 4) AS week_ratio
FROM certificate_download_ratio_daily
WHERE scope = 'all_courses'
GROUP BY week_on, client
ORDER BY week_on, client;
