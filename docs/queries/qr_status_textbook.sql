-- Own live textbooks with the most QR codes that lead nowhere, in the newest week
SELECT
    owner_slug,
    textbook_id,
    textbook_name,
    code_count,
    code_without_content_count,
    term_1_without_content_count,
    term_2_without_content_count
FROM qr_status_textbook
WHERE
    ownership = 'own'
    AND week_on = (SELECT MAX(latest.week_on) FROM qr_status_textbook AS latest)
ORDER BY code_without_content_count DESC NULLS LAST, textbook_id ASC
LIMIT 20;

-- Textbooks that several states show, and under how many boards
SELECT
    source_id,
    COUNT(DISTINCT owner_channel) AS adopter_count,
    COUNT(*) AS board_count
FROM qr_status_textbook
WHERE
    ownership = 'adopted'
    AND week_on = (SELECT MAX(latest.week_on) FROM qr_status_textbook AS latest)
GROUP BY source_id
ORDER BY adopter_count DESC, source_id ASC;

-- How the share of QR codes with content has moved, tenant by tenant, week by week
SELECT
    week_on,
    owner_slug,
    SUM(code_count) AS code_count,
    ROUND(SUM(code_with_content_count) / NULLIF(SUM(code_count), 0), 4) AS with_content_ratio
FROM qr_status_textbook
WHERE ownership = 'own'
GROUP BY week_on, owner_slug
ORDER BY owner_slug ASC, week_on ASC;
