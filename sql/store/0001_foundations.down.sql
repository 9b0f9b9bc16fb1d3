-- Foundations, undone: the schemas metrics and operations go, with all they hold.
--
-- Keeps       public.job_request when it was not made by the up migration, or holds requests: those
--             are answers that people were promised. An up migration finds it and leaves it.
--             The roles analyst and portal, which belong to the whole server and may own nothing
--             here: they only lose their privileges in this database.

DROP VIEW IF EXISTS metrics.table_freshness;

DROP SCHEMA IF EXISTS metrics;

DROP TABLE IF EXISTS operations.lease;

DROP TABLE IF EXISTS operations.snapshot;

DROP TABLE IF EXISTS operations.quarantine;

DROP TABLE IF EXISTS operations.gate_verdict;

DROP TABLE IF EXISTS operations.delivery;

DROP TABLE IF EXISTS operations.policy;

DROP SCHEMA IF EXISTS operations;

DO $$
DECLARE
    holds_requests boolean;
BEGIN
    IF to_regclass('public.job_request') IS NULL THEN
        RETURN;
    END IF;
    REVOKE ALL ON public.job_request FROM analyst, portal;
    SELECT EXISTS (SELECT 1 FROM public.job_request) INTO holds_requests;
    IF NOT holds_requests AND EXISTS (
        SELECT 1
        FROM pg_constraint
        WHERE conname = 'made_by_sunbird_batch'
        AND conrelid = to_regclass('public.job_request')
    ) THEN
        DROP TABLE public.job_request;
    END IF;
END;
$$;
