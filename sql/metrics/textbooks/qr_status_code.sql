-- Every place of a QR code in a live textbook: whether it leads to a content, and who scanned it.
--
-- Grain       one row per tenant, live textbook, board, unit and QR code of the unit
-- Reads       listings, units, code_scans
-- Parameters  :week_on  the Monday of the week of the report (date)

WITH coded AS (
    SELECT
        units.*,
        EXPLODE(units.codes) AS code
    FROM units
    WHERE units.code_count > 0
),

all_scans AS (
    SELECT
        code,
        SUM(scan_count) AS scan_count
    FROM code_scans
    GROUP BY code
),

credited AS (
    SELECT
        owner_channel,
        code,
        SUM(scan_count) AS scan_count
    FROM code_scans
    WHERE owner_scope = 'tenant'
    GROUP BY owner_channel, code
)

SELECT
    :week_on AS week_on,
    listings.owner_channel,
    listings.owner_slug,
    listings.ownership,
    listings.textbook_id,
    listings.source_id,
    listings.board,
    NULLIF(ARRAY_JOIN(listings.mediums, ','), '') AS mediums,
    NULLIF(ARRAY_JOIN(listings.grades, ','), '') AS grades,
    NULLIF(ARRAY_JOIN(listings.subjects, ','), '') AS subjects,
    listings.textbook_name,
    coded.node_number,
    coded.level,
    coded.level_1_name,
    coded.level_2_name,
    coded.level_3_name,
    coded.level_4_name,
    coded.level_5_name,
    coded.code,
    coded.term,
    coded.content_count,
    COALESCE(credited.scan_count, 0) AS scan_count,
    COALESCE(all_scans.scan_count, 0) AS all_scan_count,
    listings.book_position
FROM listings
INNER JOIN coded ON listings.version_id = coded.version_id
LEFT JOIN all_scans ON coded.code = all_scans.code
LEFT JOIN credited
    ON
        coded.code = credited.code
        AND listings.owner_channel = credited.owner_channel
WHERE listings.status = 'Live'
