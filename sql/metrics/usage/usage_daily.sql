-- What a day's usage comes to: per owner and platform, of each owner, of each platform, and overall.
--
-- Grain       one row per day, owner and platform; those without usage too, with zeros
-- Reads       credited_events, usage_tenants, days (day, is_final)

WITH devices AS (
    SELECT
        day,
        owner_scope,
        owner_channel,
        platform,
        device_id,
        COUNT_IF(kind = 'scan') AS scan_count,
        COUNT_IF(kind = 'scan' AND is_successful) AS successful_scan_count,
        COUNT_IF(kind = 'scan' AND owner_scope = 'unmapped') AS unmapped_scan_count,
        COUNT_IF(kind = 'content_download') AS download_count,
        COUNT_IF(kind = 'play') AS play_count,
        SUM(IF(kind = 'play', milliseconds, 0)) AS play_milliseconds,
        COUNT_IF(kind = 'session') AS session_count,
        SUM(IF(kind = 'session', milliseconds, 0)) AS session_milliseconds,
        COUNT_IF(is_adopted_credit) AS adopted_credit_count,
        COUNT_IF(is_location_unknown) AS location_unknown_count,
        COUNT_IF(is_location_conflict) AS location_conflict_count,
        COUNT_IF(is_tied) AS tied_credit_count
    FROM credited_events
    GROUP BY day, owner_scope, owner_channel, platform, device_id
),

-- A device of two owners or two platforms is one row of what holds both.
devices_by_level AS (
    SELECT
        day,
        device_id,
        IF(GROUPING(owner_scope) = 1, 'overall', owner_scope) AS owner_scope,
        IF(GROUPING(owner_channel) = 1, '', owner_channel) AS owner_channel,
        IF(GROUPING(platform) = 1, 'all', platform) AS platform,
        SUM(scan_count) AS scan_count,
        SUM(successful_scan_count) AS successful_scan_count,
        SUM(unmapped_scan_count) AS unmapped_scan_count,
        SUM(download_count) AS download_count,
        SUM(play_count) AS play_count,
        SUM(play_milliseconds) AS play_milliseconds,
        SUM(session_count) AS session_count,
        SUM(session_milliseconds) AS session_milliseconds,
        SUM(adopted_credit_count) AS adopted_credit_count,
        SUM(location_unknown_count) AS location_unknown_count,
        SUM(location_conflict_count) AS location_conflict_count,
        SUM(tied_credit_count) AS tied_credit_count
    FROM devices
    GROUP BY
        GROUPING SETS (
            (day, device_id, owner_scope, owner_channel, platform),
            (day, device_id, owner_scope, owner_channel),
            (day, device_id, platform),
            (day, device_id)
        )
),

usage AS (
    SELECT
        day,
        owner_scope,
        owner_channel,
        platform,
        SUM(scan_count) AS scan_count,
        SUM(successful_scan_count) AS successful_scan_count,
        SUM(unmapped_scan_count) AS unmapped_scan_count,
        SUM(download_count) AS download_count,
        SUM(play_count) AS play_count,
        COUNT_IF(device_id IS NOT NULL AND play_count > 0) AS play_device_count,
        SUM(play_milliseconds) AS play_milliseconds,
        SUM(session_count) AS session_count,
        COUNT_IF(device_id IS NOT NULL AND session_count > 0) AS session_device_count,
        SUM(session_milliseconds) AS session_milliseconds,
        SUM(adopted_credit_count) AS adopted_credit_count,
        SUM(location_unknown_count) AS location_unknown_count,
        SUM(location_conflict_count) AS location_conflict_count,
        SUM(tied_credit_count) AS tied_credit_count
    FROM devices_by_level
    GROUP BY day, owner_scope, owner_channel, platform
),

owners AS (
    SELECT
        'tenant' AS owner_scope,
        channel AS owner_channel,
        slug AS owner_slug,
        name AS owner_name
    FROM usage_tenants
    UNION ALL
    SELECT
        owner_scope,
        '' AS owner_channel,
        CAST(NULL AS STRING) AS owner_slug,
        CAST(NULL AS STRING) AS owner_name
    FROM VALUES ('overall'), ('unmapped'), ('unattributed'), ('ambiguous') AS named (owner_scope)
),

-- Whoever counts on a row finds it, on a day without usage too.
told AS (
    SELECT
        days.day,
        days.is_final,
        owners.owner_scope,
        owners.owner_channel,
        owners.owner_slug,
        owners.owner_name,
        platforms.platform
    FROM days
    CROSS JOIN owners
    CROSS JOIN
        VALUES ('all'), ('app'), ('portal'), ('desktop'), ('unknown') AS platforms (platform)
)

SELECT
    told.day,
    told.owner_scope,
    told.owner_channel,
    told.owner_slug,
    told.owner_name,
    told.platform,
    COALESCE(usage.scan_count, 0) AS scan_count,
    COALESCE(usage.successful_scan_count, 0) AS successful_scan_count,
    COALESCE(usage.scan_count - usage.successful_scan_count, 0) AS failed_scan_count,
    TRY_DIVIDE(
        usage.scan_count - usage.successful_scan_count, usage.scan_count
    ) AS failed_scan_ratio,
    COALESCE(usage.unmapped_scan_count, 0) AS unmapped_scan_count,
    TRY_DIVIDE(usage.unmapped_scan_count, usage.scan_count) AS unmapped_scan_ratio,
    COALESCE(usage.download_count, 0) AS download_count,
    COALESCE(usage.play_count, 0) AS play_count,
    COALESCE(usage.play_device_count, 0) AS play_device_count,
    COALESCE(usage.play_milliseconds, 0) / 3600000D AS play_hours,
    COALESCE(usage.session_count, 0) AS session_count,
    COALESCE(usage.session_device_count, 0) AS session_device_count,
    COALESCE(usage.session_milliseconds, 0) / 3600000D AS session_hours,
    COALESCE(usage.adopted_credit_count, 0) AS adopted_credit_count,
    COALESCE(usage.location_unknown_count, 0) AS location_unknown_count,
    COALESCE(usage.location_conflict_count, 0) AS location_conflict_count,
    COALESCE(usage.tied_credit_count, 0) AS tied_credit_count,
    told.is_final
FROM told
LEFT JOIN usage
    ON
        told.day = usage.day
        AND told.owner_scope = usage.owner_scope
        AND told.owner_channel = usage.owner_channel
        AND told.platform = usage.platform
