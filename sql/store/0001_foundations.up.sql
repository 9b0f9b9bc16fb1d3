-- Foundations: the request queue, leases, snapshots, quarantine, gate verdicts, the outbox, the
-- policies, the roles that people and the portal log in as, and the first metric view.
--
-- Makes       public.job_request unless a Sunbird has it already: then it is left as it is. It is
--             named as the setting SUNBIRD_BATCH_JOB_REQUEST_TABLE says. Its constraint
--             `made_by_sunbird_batch` tells the down migration that the table is ours.
--             operations.*, metrics.table_freshness, the roles analyst and portal.
-- Undone by   0001_foundations.down.sql
-- Comments and grants on columns follow from the contracts and are laid after each migration.

CREATE SCHEMA IF NOT EXISTS operations;

CREATE SCHEMA IF NOT EXISTS metrics;

DO $$
BEGIN
    IF to_regclass('public.job_request') IS NULL THEN
        CREATE TABLE public.job_request (
            tag text NOT NULL,
            request_id text NOT NULL,
            job_id text NOT NULL,
            status text NOT NULL,
            request_data jsonb NOT NULL,
            requested_by text,
            requested_channel text,
            dt_job_submitted timestamp with time zone,
            download_urls text[],
            dt_file_created timestamp with time zone,
            dt_job_completed timestamp with time zone,
            execution_time bigint,
            err_message text,
            iteration integer,
            encryption_key text,
            batch_number integer,
            processed_batches jsonb,
            PRIMARY KEY (tag, request_id),
            CONSTRAINT made_by_sunbird_batch
            CHECK (status IN ('SUBMITTED', 'PROCESSING', 'SUCCESS', 'FAILED'))
        );
        -- The queue looks at what is open, oldest first; answered requests stay for years.
        CREATE INDEX job_request_open ON public.job_request (dt_job_submitted)
        WHERE status IN ('SUBMITTED', 'PROCESSING');
    END IF;
END;
$$;

CREATE TABLE operations.lease (
    tag text NOT NULL,
    request_id text NOT NULL,
    run_id text NOT NULL,
    fence bigint NOT NULL,
    claimed_at timestamp with time zone NOT NULL,
    heartbeat_at timestamp with time zone NOT NULL,
    PRIMARY KEY (tag, request_id)
);

CREATE INDEX lease_of_run ON operations.lease (run_id);

CREATE TABLE operations.snapshot (
    snapshot_id text PRIMARY KEY,
    table_name text NOT NULL,
    path text NOT NULL,
    buckets integer NOT NULL,
    row_count bigint NOT NULL,
    quarantined_count bigint NOT NULL,
    data_as_of timestamp with time zone NOT NULL,
    published_at timestamp with time zone NOT NULL
);

CREATE INDEX snapshot_latest
ON operations.snapshot (table_name, published_at DESC, snapshot_id DESC);

CREATE TABLE operations.quarantine (
    snapshot_id text NOT NULL,
    source_table text NOT NULL,
    reason text NOT NULL,
    batch_id text NOT NULL,
    row_count bigint NOT NULL,
    PRIMARY KEY (snapshot_id, source_table, reason, batch_id)
);

CREATE INDEX quarantine_of_batch ON operations.quarantine (snapshot_id, batch_id);

CREATE TABLE operations.gate_verdict (
    verdict_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subject text,
    check_name text NOT NULL,
    severity text CHECK (severity IN ('fail', 'warn')),
    verdict text NOT NULL CHECK (verdict IN ('passed', 'failed', 'could not check')),
    found_count bigint,
    checked_count bigint,
    checked_at timestamp with time zone NOT NULL
);

CREATE INDEX gate_verdict_of_subject ON operations.gate_verdict (subject, checked_at);

CREATE TABLE operations.delivery (
    delivery_id text PRIMARY KEY,
    kind text NOT NULL,
    recipient_user_id text,
    recipient_role text,
    tag text,
    request_id text,
    facts jsonb,
    attachments jsonb,
    status text NOT NULL CHECK (status IN ('pending', 'sending', 'sent', 'failed', 'held')),
    attempts integer NOT NULL,
    next_attempt_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    server_said text,
    is_personal boolean NOT NULL
);

-- The mailer looks at what is not settled, every two minutes; sent rows stay.
CREATE INDEX delivery_due ON operations.delivery (next_attempt_at)
WHERE status IN ('pending', 'sending');

CREATE INDEX delivery_of_request ON operations.delivery (tag, request_id);

CREATE TABLE operations.policy (
    channel text NOT NULL,
    job_id text NOT NULL,
    security_level text NOT NULL,
    PRIMARY KEY (channel, job_id)
);

CREATE VIEW metrics.table_freshness AS
SELECT DISTINCT ON (snapshot.table_name)
    snapshot.table_name,
    snapshot.data_as_of,
    snapshot.published_at,
    snapshot.row_count,
    snapshot.quarantined_count
FROM operations.snapshot AS snapshot
ORDER BY
    snapshot.table_name ASC,
    snapshot.published_at DESC,
    snapshot.snapshot_id DESC;

-- Roles belong to the whole server: another database may have made them, this very moment even.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['analyst', 'portal'] LOOP
        BEGIN
            IF to_regrole(role_name) IS NULL THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
                EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
                EXECUTE format(
                    'ALTER ROLE %I SET search_path = metrics, operations, public', role_name
                );
            END IF;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END LOOP;
END;
$$;
