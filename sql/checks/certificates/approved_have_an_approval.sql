-- Findings that are approved or issued by nobody's decision.
--
-- Severity    fail
-- Reads       operations.missed_certificate, operations.certificate_approval
-- Parameters  none

SELECT
    missed.batch_id,
    missed.user_id
FROM operations.missed_certificate AS missed
LEFT JOIN operations.certificate_approval AS approval
    ON
        missed.approval_id = approval.approval_id
        AND approval.decision = 'approved'
WHERE
    missed.state IN ('approved', 'issued')
    AND approval.approval_id IS NULL
