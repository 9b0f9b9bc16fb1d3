-- How the whole platform was used on each of the last 30 days that were counted
SELECT
    day,
    scan_count,
    failed_scan_ratio,
    download_count,
    play_count,
    play_device_count,
    play_hours,
    is_final
FROM usage_daily
WHERE owner_scope = 'overall' AND platform = 'all'
ORDER BY day DESC
LIMIT 30;

-- Which tenants' content was played most in the month of the last day, and on what
SELECT
    owner_slug,
    platform,
    SUM(play_count) AS play_count,
    SUM(play_hours) AS play_hours
FROM usage_daily
WHERE
    owner_scope = 'tenant' AND platform <> 'all'
    AND day >= DATE_TRUNC('month', (SELECT MAX(last.day) FROM usage_daily AS last))
GROUP BY owner_slug, platform
ORDER BY play_count DESC;

-- What adoption moves from the publishers to the states, and what could not be placed
SELECT
    owner_slug,
    SUM(adopted_credit_count) AS adopted_credit_count,
    SUM(location_unknown_count) AS location_unknown_count,
    SUM(location_conflict_count) AS location_conflict_count,
    SUM(tied_credit_count) AS tied_credit_count
FROM usage_daily
WHERE owner_scope = 'tenant' AND platform = 'all'
GROUP BY owner_slug
HAVING SUM(adopted_credit_count + location_unknown_count + location_conflict_count) > 0
ORDER BY adopted_credit_count DESC;
