-- How far textbooks are made, by tenant, grade and subject.
--
-- Grain       one row per tenant or all, ownership, and grade or subject or total
-- Reads       tally_groups, tallies, version_counts
-- Parameters  :week_on  the Monday of the week of the report (date)

SELECT
    :week_on AS week_on,
    tally_groups.owner_scope,
    tally_groups.owner_channel,
    tally_groups.owner_slug,
    tally_groups.owner_name,
    tally_groups.ownership,
    tally_groups.dimension,
    tally_groups.value,
    COUNT_IF(tallies.status = 'Live') AS live_count,
    COUNT_IF(tallies.status = 'Review') AS review_count,
    COUNT_IF(tallies.status = 'Draft') AS draft_count,
    COUNT_IF(version_counts.code_count > 0) AS with_codes_count,
    COUNT_IF(version_counts.code_count = 0) AS without_codes_count,
    COUNT(tallies.version_id) - COUNT(version_counts.version_id) AS hierarchy_problem_count,
    COALESCE(SUM(version_counts.code_with_content_count), 0) AS code_with_content_count,
    COALESCE(SUM(version_counts.code_without_content_count), 0) AS code_without_content_count
FROM tally_groups
-- A tenant without textbooks has a row of zeros: no row would leave last week's on the portal.
LEFT JOIN tallies
    ON
        tally_groups.owner_scope = tallies.owner_scope
        AND tally_groups.owner_channel = tallies.owner_channel
        AND tally_groups.ownership = tallies.ownership
        AND tally_groups.dimension = tallies.dimension
        AND tally_groups.value = tallies.value
LEFT JOIN version_counts ON tallies.version_id = version_counts.version_id
GROUP BY
    tally_groups.owner_scope,
    tally_groups.owner_channel,
    tally_groups.owner_slug,
    tally_groups.owner_name,
    tally_groups.ownership,
    tally_groups.dimension,
    tally_groups.value
