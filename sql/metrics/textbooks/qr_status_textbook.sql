-- How many QR codes of each live textbook lead to a content.
--
-- Grain       one row per tenant, live textbook and board that it is shown under
-- Reads       listings, version_counts
-- Parameters  :week_on  the Monday of the week of the report (date)

SELECT
    :week_on AS week_on,
    listings.owner_channel,
    listings.owner_slug,
    listings.ownership,
    listings.owner_name,
    listings.textbook_id,
    listings.source_id,
    listings.board,
    NULLIF(ARRAY_JOIN(listings.mediums, ','), '') AS mediums,
    NULLIF(ARRAY_JOIN(listings.grades, ','), '') AS grades,
    NULLIF(ARRAY_JOIN(listings.subjects, ','), '') AS subjects,
    listings.textbook_name,
    listings.created_on,
    listings.updated_on,
    listings.hierarchy_problem,
    version_counts.code_count,
    version_counts.code_with_content_count,
    version_counts.code_without_content_count,
    version_counts.term_1_without_content_count,
    version_counts.term_2_without_content_count,
    listings.book_position
FROM listings
-- A textbook whose hierarchy cannot be used has nothing counted, and is named all the same.
LEFT JOIN version_counts ON listings.version_id = version_counts.version_id
WHERE listings.status = 'Live'
