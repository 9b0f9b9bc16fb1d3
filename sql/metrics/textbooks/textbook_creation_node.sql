-- Every unit of a textbook without a unit below it, and every one that a QR code leads to.
--
-- Grain       one row per tenant, version of a textbook, board, unit and QR code of the unit
-- Reads       listings, units, code_scans
-- Parameters  :week_on  the Monday of the week of the report (date)

WITH told AS (
    SELECT
        units.*,
        -- A unit without a code has one row, with none.
        EXPLODE(CASE WHEN units.code_count > 0 THEN units.codes ELSE ARRAY('') END) AS code
    FROM units
    WHERE units.is_leaf OR units.code_count > 0
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
    listings.version_id,
    listings.status,
    NULLIF(ARRAY_JOIN(listings.mediums, ','), '') AS mediums,
    NULLIF(ARRAY_JOIN(listings.grades, ','), '') AS grades,
    NULLIF(ARRAY_JOIN(listings.subjects, ','), '') AS subjects,
    listings.textbook_name,
    CASE
        WHEN NOT told.is_leaf THEN 'QR Linked'
        WHEN told.code_count > 0 THEN 'Leaf Node & QR Linked'
        ELSE 'Leaf Node'
    END AS node_type,
    told.node_number,
    told.level,
    told.level_1_name,
    told.level_2_name,
    told.level_3_name,
    told.level_4_name,
    told.level_5_name,
    told.code,
    told.content_count,
    COALESCE(credited.scan_count, 0) AS scan_count,
    COALESCE(all_scans.scan_count, 0) AS all_scan_count,
    listings.book_position
FROM listings
INNER JOIN told ON listings.version_id = told.version_id
LEFT JOIN all_scans ON told.code = all_scans.code AND told.code <> ''
LEFT JOIN credited
    ON
        told.code = credited.code
        AND told.code <> ''
        AND listings.owner_channel = credited.owner_channel
