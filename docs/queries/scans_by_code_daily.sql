-- QR codes that failed most since the academic year began on 1 June: what to mend first
SELECT
    code,
    SUM(failed_scan_count) AS failed_scan_count,
    SUM(scan_count) AS scan_count
FROM scans_by_code_daily
WHERE
    day >= MAKE_DATE(
        EXTRACT(YEAR FROM CURRENT_DATE - INTERVAL '5 months')::int, 6, 1
    )
    AND code <> ''
GROUP BY code
HAVING SUM(failed_scan_count) > 0
ORDER BY failed_scan_count DESC, code ASC
LIMIT 100;

-- Codes that are given to no tenant
SELECT
    code,
    SUM(scan_count) AS scan_count
FROM scans_by_code_daily
WHERE owner_scope = 'unmapped'
GROUP BY code
ORDER BY scan_count DESC, code ASC
LIMIT 100;

-- How the scans of one code are shared between its publisher and the states that adopted its book
SELECT
    owner_channel,
    SUM(scan_count) AS scan_count
FROM scans_by_code_daily
WHERE code = (
    SELECT most.code
    FROM scans_by_code_daily AS most
    WHERE most.code <> ''
    GROUP BY most.code
    ORDER BY SUM(most.scan_count) DESC, most.code ASC
    LIMIT 1
)
GROUP BY owner_channel
ORDER BY scan_count DESC;
