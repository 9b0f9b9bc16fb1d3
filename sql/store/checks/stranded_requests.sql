-- Requests that nobody works on and nobody was told about: there must be none.
--
-- One row   per request, with the reason. Read at each run of an exhaust and by the doctor.
-- Values    now, job_ids
-- What was answered before our first verdict was answered by a Sunbird's own jobs; what is older
-- than a week is history that no run can mend.
SELECT
    request.request_id,
    'in work, and no worker was heard of for 10 minutes' AS reason
FROM public.job_request AS request
LEFT JOIN operations.lease AS lease
    ON request.tag = lease.tag AND request.request_id = lease.request_id
WHERE
    request.status = 'PROCESSING'
    AND request.job_id = ANY(%(job_ids)s)
    AND COALESCE(lease.heartbeat_at, request.dt_job_submitted::timestamptz, '-infinity')
    < %(now)s - interval '10 minutes'
UNION ALL
SELECT
    request.request_id,
    'waits for more than 30 minutes' AS reason
FROM public.job_request AS request
WHERE
    request.status = 'SUBMITTED'
    AND request.job_id = ANY(%(job_ids)s)
    AND COALESCE(request.dt_job_submitted::timestamptz, '-infinity')
    < %(now)s - interval '30 minutes'
UNION ALL
SELECT
    request.request_id,
    'ended, and no message tells of it' AS reason
FROM public.job_request AS request
WHERE
    request.status IN ('SUCCESS', 'FAILED')
    AND request.job_id = ANY(%(job_ids)s)
    AND request.dt_job_completed::timestamptz > %(now)s - interval '7 days'
    AND request.dt_job_completed::timestamptz
    >= (SELECT MIN(verdict.checked_at) FROM operations.gate_verdict AS verdict)
    AND NOT EXISTS (
        -- Its own message, or that of the equal request whose answer it shares.
        SELECT 1
        FROM operations.delivery AS delivery
        INNER JOIN public.job_request AS told
            ON delivery.tag = told.tag AND delivery.request_id = told.request_id
        WHERE
            told.tag = request.tag
            AND told.requested_by IS NOT DISTINCT FROM request.requested_by
            AND told.requested_channel IS NOT DISTINCT FROM request.requested_channel
            AND told.download_urls IS NOT DISTINCT FROM request.download_urls
            AND told.err_message IS NOT DISTINCT FROM request.err_message
            -- That it runs late is no answer.
            AND delivery.kind <> 'exhaust_late'
            AND COALESCE(delivery.facts ->> 'kind', '') <> 'exhaust_late'
            AND (
                delivery.created_at >= told.dt_job_submitted::timestamptz
                OR told.dt_job_submitted IS NULL
            )
    )
UNION ALL
SELECT
    delivery.request_id,
    'its message was being sent, and no mailer was heard of for 10 minutes' AS reason
FROM operations.delivery AS delivery
WHERE
    delivery.status = 'sending'
    AND delivery.request_id IS NOT NULL
    AND delivery.next_attempt_at < %(now)s - interval '10 minutes'
ORDER BY request_id ASC, reason ASC
