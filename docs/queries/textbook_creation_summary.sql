-- Live, reviewed and drafted textbooks of all, own and adopted
SELECT
    ownership,
    live_count,
    review_count,
    draft_count,
    with_codes_count,
    without_codes_count,
    hierarchy_problem_count
FROM textbook_creation_summary
WHERE
    owner_scope = 'overall'
    AND dimension = 'total'
    AND week_on = (SELECT MAX(latest.week_on) FROM textbook_creation_summary AS latest)
ORDER BY ownership;

-- Live textbooks of each tenant: its own, and those that it adopted
SELECT
    owner_slug,
    SUM(live_count) FILTER (WHERE ownership = 'own') AS own_count,
    SUM(live_count) FILTER (WHERE ownership = 'adopted') AS adopted_count
FROM textbook_creation_summary
WHERE
    owner_scope = 'tenant'
    AND dimension = 'total'
    AND week_on = (SELECT MAX(latest.week_on) FROM textbook_creation_summary AS latest)
GROUP BY owner_slug
ORDER BY adopted_count DESC, owner_slug ASC;

-- How the number of live textbooks has moved, week by week, by grade
SELECT
    week_on,
    value AS grade,
    live_count,
    live_count - LAG(live_count) OVER (PARTITION BY value ORDER BY week_on) AS more_count
FROM textbook_creation_summary
WHERE owner_scope = 'overall' AND ownership = 'all' AND dimension = 'grade'
ORDER BY grade ASC, week_on ASC;
