-- What a day's usage comes to in each state where devices were, per owner and overall.
--
-- Grain       one row per day, owner and state that has any
-- Reads       credited_events, usage_tenants, state_names, days (day, is_final)

WITH devices AS (
    SELECT
        day,
        owner_scope,
        owner_channel,
        state_code,
        device_id,
        COUNT_IF(kind = 'scan') AS scan_count,
        COUNT_IF(kind = 'scan' AND is_successful) AS successful_scan_count,
        COUNT_IF(kind = 'content_download') AS download_count,
        COUNT_IF(kind = 'play') AS play_count,
        SUM(milliseconds) AS play_milliseconds,
        COUNT_IF(is_adopted_credit) AS adopted_credit_count
    FROM credited_events
    WHERE kind IN ('scan', 'content_download', 'play')
    GROUP BY day, owner_scope, owner_channel, state_code, device_id
),

devices_by_level AS (
    SELECT
        day,
        state_code,
        device_id,
        IF(GROUPING(owner_scope) = 1, 'overall', owner_scope) AS owner_scope,
        IF(GROUPING(owner_channel) = 1, '', owner_channel) AS owner_channel,
        SUM(scan_count) AS scan_count,
        SUM(successful_scan_count) AS successful_scan_count,
        SUM(download_count) AS download_count,
        SUM(play_count) AS play_count,
        SUM(play_milliseconds) AS play_milliseconds,
        SUM(adopted_credit_count) AS adopted_credit_count
    FROM devices
    GROUP BY
        GROUPING SETS (
            (day, state_code, device_id, owner_scope, owner_channel),
            (day, state_code, device_id)
        )
),

usage AS (
    SELECT
        day,
        owner_scope,
        owner_channel,
        state_code,
        SUM(scan_count) AS scan_count,
        SUM(successful_scan_count) AS successful_scan_count,
        SUM(download_count) AS download_count,
        SUM(play_count) AS play_count,
        COUNT_IF(device_id IS NOT NULL AND play_count > 0) AS play_device_count,
        SUM(play_milliseconds) AS play_milliseconds,
        SUM(adopted_credit_count) AS adopted_credit_count
    FROM devices_by_level
    GROUP BY day, owner_scope, owner_channel, state_code
)

SELECT
    usage.day,
    usage.owner_scope,
    usage.owner_channel,
    usage_tenants.slug AS owner_slug,
    usage_tenants.name AS owner_name,
    usage.state_code,
    state_names.state_name,
    usage.scan_count,
    usage.successful_scan_count,
    usage.scan_count - usage.successful_scan_count AS failed_scan_count,
    TRY_DIVIDE(
        usage.scan_count - usage.successful_scan_count, usage.scan_count
    ) AS failed_scan_ratio,
    usage.download_count,
    usage.play_count,
    usage.play_device_count,
    usage.play_milliseconds / 3600000D AS play_hours,
    usage.adopted_credit_count,
    days.is_final
FROM usage
INNER JOIN days ON usage.day = days.day
LEFT JOIN state_names ON usage.state_code = state_names.state_code
LEFT JOIN usage_tenants
    ON
        usage.owner_scope = 'tenant'
        AND usage.owner_channel = usage_tenants.channel
