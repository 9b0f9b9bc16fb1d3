-- Textbooks that are named and not counted, and why
SELECT
    owner_slug,
    version_id,
    status,
    textbook_name,
    hierarchy_problem
FROM textbook_creation
WHERE
    ownership = 'own'
    AND hierarchy_problem IS NOT NULL
    AND week_on = (SELECT MAX(latest.week_on) FROM textbook_creation AS latest)
ORDER BY owner_slug ASC, version_id ASC;

-- Drafts that are furthest from done: units without a content
SELECT
    owner_slug,
    textbook_name,
    leaf_count,
    leaf_without_content_count,
    updated_on
FROM textbook_creation
WHERE
    status = 'Draft'
    AND week_on = (SELECT MAX(latest.week_on) FROM textbook_creation AS latest)
ORDER BY leaf_without_content_count DESC NULLS LAST, version_id ASC
LIMIT 50;

-- Live textbooks that have a draft of changes, and since when
SELECT
    live.textbook_id,
    live.textbook_name,
    draft.updated_on AS draft_updated_on
FROM textbook_creation AS live
INNER JOIN textbook_creation AS draft
    ON
        live.week_on = draft.week_on
        AND live.textbook_id = draft.textbook_id
        AND draft.status <> 'Live'
WHERE
    live.status = 'Live'
    AND live.ownership = 'own'
    AND live.week_on = (SELECT MAX(latest.week_on) FROM textbook_creation AS latest)
ORDER BY draft_updated_on ASC, live.textbook_id ASC;
