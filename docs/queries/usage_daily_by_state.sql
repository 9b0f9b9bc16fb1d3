-- In which states the platform was used on the last day
SELECT
    state_code,
    state_name,
    scan_count,
    play_count,
    play_device_count,
    play_hours
FROM usage_daily_by_state
WHERE
    owner_scope = 'overall'
    AND day = (SELECT MAX(last.day) FROM usage_daily_by_state AS last)
ORDER BY play_count DESC;

-- How much of each tenant's use comes from where its devices' place is not known
SELECT
    owner_slug,
    SUM(play_count) FILTER (WHERE state_code = 'unknown') AS unknown_play_count,
    SUM(play_count) AS play_count,
    SUM(play_count) FILTER (WHERE state_code = 'unknown')::numeric
    / NULLIF(SUM(play_count), 0) AS unknown_ratio
FROM usage_daily_by_state
WHERE owner_scope = 'tenant'
GROUP BY owner_slug
ORDER BY play_count DESC;

-- Where scans fail most: states by the share of scans that found nothing, over all days
SELECT
    state_name,
    SUM(scan_count) AS scan_count,
    SUM(failed_scan_count) AS failed_scan_count,
    SUM(failed_scan_count)::numeric / NULLIF(SUM(scan_count), 0) AS failed_scan_ratio
FROM usage_daily_by_state
WHERE owner_scope = 'overall'
GROUP BY state_name
HAVING SUM(scan_count) > 0
ORDER BY failed_scan_ratio DESC;
