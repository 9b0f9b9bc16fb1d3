-- Findings of tonight that name a template's version, a template or a type other than the ledger's.
--
-- Severity    fail
-- Reads       operations.missed_certificate, operations.certificate_associations
-- Parameters  :as_of  the night (timestamptz)

SELECT
    missed.batch_id,
    missed.user_id
FROM (
    SELECT *
    FROM operations.missed_certificate
    WHERE last_seen_at = :as_of AND source = 'nightly'
) AS missed
LEFT JOIN operations.certificate_associations AS version
    ON
        missed.version_id = version.version_id
        AND missed.template_id = version.template_id
        AND missed.certificate_type = version.certificate_type
        AND missed.course_id = version.course_id
WHERE version.version_id IS NULL
