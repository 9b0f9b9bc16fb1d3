-- Versions of one textbook and board of which two hold at the same time.
--
-- Severity    fail
-- Reads       operations.textbook_adoption
-- Parameters  none

WITH followed AS (
    SELECT
        adoption_id,
        valid_to,
        LEAD(valid_from) OVER (
            PARTITION BY textbook_id, board
            ORDER BY valid_from
        ) AS next_from
    FROM operations.textbook_adoption
)

SELECT adoption_id
FROM followed
WHERE
    next_from IS NOT NULL
    AND (valid_to IS NULL OR valid_to > next_from)
