-- The audit log, and what proves that personal data is gone.
--
-- Makes       operations.audit_log, audit_head, exhaust_file, exhaust_file_learners,
--             consent_withdrawal, erasure; the hash of its file in operations.link.
-- Undone by   0005_privacy.down.sql
-- The log is only added to: a trigger refuses every other verb, to the owner too. Ids and hashes
-- stand in it, never a name, an address or a key of a learner.

CREATE TABLE operations.audit_log (
    audit_id bigint PRIMARY KEY,
    happened_at timestamp with time zone NOT NULL,
    event text NOT NULL,
    asked_by text,
    subject_user_id text,
    tag text,
    request_id text,
    job_id text,
    channel text,
    purpose text,
    batch_id text,
    file_id bigint,
    file_sha256 text,
    row_count bigint,
    column_names jsonb,
    consent jsonb,
    recipient_user_id text,
    recipient_role text,
    delivery_id text,
    message_id text,
    details jsonb,
    previous_hash text NOT NULL,
    row_hash text NOT NULL
);

CREATE INDEX audit_log_of_file ON operations.audit_log (file_id);

CREATE INDEX audit_log_of_request ON operations.audit_log (tag, request_id);

CREATE TABLE operations.audit_head (
    head_id integer PRIMARY KEY CHECK (head_id = 1),
    audit_id bigint NOT NULL,
    row_hash text NOT NULL
);

INSERT INTO operations.audit_head VALUES (1, 0, repeat('0', 64));

CREATE FUNCTION operations.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'operations.% is only added to: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege';
END;
$$;

CREATE FUNCTION operations.refuse_step_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.audit_id <> OLD.audit_id + 1 THEN
        RAISE EXCEPTION 'operations.audit_head goes forward one row at a time'
        USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER audit_log_is_only_added_to
BEFORE UPDATE OR DELETE OR TRUNCATE ON operations.audit_log
FOR EACH STATEMENT EXECUTE FUNCTION operations.refuse_change();

CREATE TRIGGER audit_head_stays
BEFORE DELETE OR TRUNCATE ON operations.audit_head
FOR EACH STATEMENT EXECUTE FUNCTION operations.refuse_change();

CREATE TRIGGER audit_head_goes_forward
BEFORE UPDATE ON operations.audit_head
FOR EACH ROW EXECUTE FUNCTION operations.refuse_step_back();

CREATE TABLE operations.exhaust_file (
    file_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    object_key text NOT NULL,
    file_sha256 text NOT NULL,
    job_id text NOT NULL,
    tag text NOT NULL,
    request_id text NOT NULL,
    batch_id text NOT NULL,
    row_count bigint NOT NULL,
    learner_count bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    removed_reason text CHECK (removed_reason IN ('replaced', 'refused', 'expired', 'erased'))
);

CREATE UNIQUE INDEX exhaust_file_kept ON operations.exhaust_file (object_key)
WHERE removed_at IS NULL;

CREATE INDEX exhaust_file_of_request ON operations.exhaust_file (tag, request_id);

-- Learners by a hash of their id: a file of 100,000 is 256 rows, and looking for one learner reads
-- one row per file.
CREATE TABLE operations.exhaust_file_learners (
    bucket integer NOT NULL,
    file_id bigint NOT NULL,
    user_ids text[] NOT NULL,
    PRIMARY KEY (bucket, file_id)
);

CREATE INDEX exhaust_file_learners_of_file ON operations.exhaust_file_learners (file_id);

CREATE TABLE operations.consent_withdrawal (
    withdrawal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id text NOT NULL,
    consumer_id text,
    object_id text,
    withdrawn_at timestamp with time zone NOT NULL,
    recorded_by text NOT NULL,
    reason text
);

CREATE INDEX consent_withdrawal_of_user ON operations.consent_withdrawal (user_id);

CREATE TABLE operations.erasure (
    user_id text PRIMARY KEY,
    erased_at timestamp with time zone NOT NULL,
    recorded_by text NOT NULL,
    reason text
);

ALTER TABLE operations.link ADD COLUMN file_sha256 text;
