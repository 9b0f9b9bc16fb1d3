-- Findings that are open although their certificate was issued here.
--
-- Severity    fail
-- Reads       operations.missed_certificate, operations.certificate_issued
-- Parameters  none

SELECT
    missed.batch_id,
    missed.user_id
FROM operations.missed_certificate AS missed
INNER JOIN operations.certificate_issued AS issued
    ON
        missed.batch_id = issued.batch_id
        AND missed.user_id = issued.user_id
        AND missed.template_id = issued.template_id
        AND missed.course_id = issued.course_id
WHERE missed.state IN ('new', 'pending', 'held', 'approved', 'failed')
