-- Units at the end of a branch that have no content, textbook by textbook
SELECT
    owner_slug,
    textbook_id,
    textbook_name,
    COUNT(DISTINCT node_number) AS empty_leaf_count
FROM textbook_creation_node
WHERE
    ownership = 'own'
    AND node_type <> 'QR Linked'
    AND content_count = 0
    AND week_on = (SELECT MAX(latest.week_on) FROM textbook_creation_node AS latest)
GROUP BY owner_slug, textbook_id, textbook_name
ORDER BY empty_leaf_count DESC, textbook_id ASC;

-- How deep textbooks go: units by level
SELECT
    level,
    node_type,
    COUNT(*) AS unit_count
FROM textbook_creation_node
WHERE
    ownership = 'own'
    AND week_on = (SELECT MAX(latest.week_on) FROM textbook_creation_node AS latest)
GROUP BY level, node_type
ORDER BY level ASC, node_type ASC;

-- Chapters of live textbooks by the scans of all QR codes in them
SELECT
    textbook_id,
    textbook_name,
    level_1_name,
    SUM(all_scan_count) AS all_scan_count
FROM textbook_creation_node
WHERE
    ownership = 'own'
    AND status = 'Live'
    AND level_1_name IS NOT NULL
    AND week_on = (SELECT MAX(latest.week_on) FROM textbook_creation_node AS latest)
GROUP BY textbook_id, textbook_name, level_1_name
ORDER BY all_scan_count DESC, textbook_id ASC, level_1_name ASC
LIMIT 50;
