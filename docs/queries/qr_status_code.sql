-- QR codes that were scanned most this academic year and lead nowhere: content is wanted there first
SELECT
    owner_slug,
    textbook_name,
    level_1_name,
    code,
    all_scan_count
FROM qr_status_code
WHERE
    ownership = 'own'
    AND content_count = 0
    AND week_on = (SELECT MAX(latest.week_on) FROM qr_status_code AS latest)
ORDER BY all_scan_count DESC, code ASC
LIMIT 50;

-- QR codes that stand at several places, and at how many textbooks
SELECT
    code,
    COUNT(*) AS place_count,
    COUNT(DISTINCT textbook_id) AS textbook_count
FROM qr_status_code
WHERE
    ownership = 'own'
    AND week_on = (SELECT MAX(latest.week_on) FROM qr_status_code AS latest)
GROUP BY code
HAVING COUNT(*) > 1
ORDER BY place_count DESC, code ASC;

-- How many QR codes of each tenant nobody has scanned since 1 June
SELECT
    owner_slug,
    ownership,
    COUNT(*) AS code_count,
    COUNT(*) FILTER (WHERE scan_count = 0) AS never_scanned_count
FROM qr_status_code
WHERE week_on = (SELECT MAX(latest.week_on) FROM qr_status_code AS latest)
GROUP BY owner_slug, ownership
ORDER BY owner_slug ASC, ownership ASC;
