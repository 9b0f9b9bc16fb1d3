-- Scans of each QR code by whom they are credited to.
--
-- Grain       one row per day, owner and code that was scanned
-- Reads       credited_events

SELECT
    day,
    owner_scope,
    owner_channel,
    code,
    COUNT(*) AS scan_count,
    COUNT_IF(is_successful) AS successful_scan_count,
    COUNT_IF(NOT is_successful) AS failed_scan_count
FROM credited_events
WHERE kind = 'scan'
GROUP BY day, owner_scope, owner_channel, code
