-- Textbooks whose QR codes with and without content, or of both terms, are not all of them.
--
-- Severity    fail
-- Reads       metrics.qr_status_textbook
-- Parameters  :week_on  the week that is published

SELECT
    textbook_id,
    owner_channel
FROM metrics.qr_status_textbook
WHERE
    week_on = :week_on
    AND (
        code_with_content_count + code_without_content_count <> code_count
        OR
        term_1_without_content_count + term_2_without_content_count <> code_without_content_count
        OR (hierarchy_problem IS NULL) <> (code_count IS NOT NULL)
    )
