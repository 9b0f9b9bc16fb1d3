-- Adoptions that are not listed, and listings of what is not adopted any more.
--
-- Severity    fail
-- Reads       operations.textbook_adoption, operations.textbook_catalogue
-- Parameters  none

WITH adopted AS (
    SELECT adoption_id
    FROM operations.textbook_adoption
    WHERE valid_to IS NULL
),

listed AS (
    SELECT listing_id
    FROM operations.textbook_catalogue
    WHERE is_adopted
)

SELECT
    adopted.adoption_id,
    listed.listing_id
FROM adopted
FULL OUTER JOIN listed
    ON adopted.adoption_id = listed.listing_id
WHERE
    adopted.adoption_id IS NULL
    OR listed.listing_id IS NULL
