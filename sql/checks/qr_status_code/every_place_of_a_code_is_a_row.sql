-- Textbooks of which a place of a QR code is no row, or is one twice.
--
-- Severity    fail
-- Reads       metrics.qr_status_code, metrics.qr_status_textbook
-- Parameters  :week_on  the week that is published

WITH books AS (
    SELECT
        owner_channel,
        textbook_id,
        board,
        code_count,
        code_with_content_count
    FROM metrics.qr_status_textbook
    WHERE week_on = :week_on
),

places AS (
    SELECT
        owner_channel,
        textbook_id,
        board,
        count(*) AS code_count,
        count(*) FILTER (WHERE content_count > 0) AS code_with_content_count
    FROM metrics.qr_status_code
    WHERE week_on = :week_on
    GROUP BY owner_channel, textbook_id, board
)

SELECT
    books.textbook_id,
    books.owner_channel
FROM books
LEFT JOIN places
    ON
        books.owner_channel = places.owner_channel
        AND books.textbook_id = places.textbook_id
        AND books.board = places.board
WHERE
    coalesce(books.code_count, 0) <> coalesce(places.code_count, 0)
    OR coalesce(books.code_with_content_count, 0) <> coalesce(places.code_with_content_count, 0)
