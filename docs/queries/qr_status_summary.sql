-- Live textbooks and their QR codes, of all: own, adopted and both
SELECT
    ownership,
    textbook_count,
    code_with_content_count,
    code_without_content_count,
    hierarchy_problem_count
FROM qr_status_summary
WHERE
    owner_scope = 'overall'
    AND dimension = 'total'
    AND week_on = (SELECT MAX(latest.week_on) FROM qr_status_summary AS latest)
ORDER BY ownership;

-- Tenants by the share of their QR codes with content
SELECT
    owner_slug,
    code_with_content_count,
    code_without_content_count,
    ROUND(
        code_with_content_count::numeric
        / NULLIF(code_with_content_count + code_without_content_count, 0), 4
    ) AS with_content_ratio
FROM qr_status_summary
WHERE
    owner_scope = 'tenant'
    AND ownership = 'all'
    AND dimension = 'total'
    AND week_on = (SELECT MAX(latest.week_on) FROM qr_status_summary AS latest)
ORDER BY with_content_ratio DESC NULLS LAST, owner_slug ASC;

-- Subjects with the most QR codes that lead nowhere
SELECT
    value AS subject,
    textbook_count,
    code_without_content_count
FROM qr_status_summary
WHERE
    owner_scope = 'overall'
    AND ownership = 'all'
    AND dimension = 'subject'
    AND week_on = (SELECT MAX(latest.week_on) FROM qr_status_summary AS latest)
ORDER BY code_without_content_count DESC, subject ASC;
