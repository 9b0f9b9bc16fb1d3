-- The ledger of certificate templates, the register of issuers, and the pictures of both.
--
-- Makes       operations.certificate_associations, operations.certificate_issuers,
--             operations.certificate_assets, operations.certificate_watches,
--             operations.slot_range, operations.keep_certificate_history()
-- Undone by   0006_certificates.down.sql
-- Two versions never hold one slot at one instant, and a version is only ever closed: the store
-- itself refuses anything else.

-- GiST knows ranges without any extension: a slot is the range from itself to itself.
CREATE TYPE operations.slot_range AS RANGE (subtype = text, collation = "C");

CREATE TABLE operations.certificate_associations (
    version_id text PRIMARY KEY,
    scope text NOT NULL CHECK (scope IN ('course', 'batch')),
    course_id text NOT NULL,
    tenant_id text,
    batch_id text,
    certificate_type text NOT NULL CHECK (certificate_type IN ('completion', 'merit')),
    slot text NOT NULL,
    template_id text NOT NULL,
    template_name text,
    template_description text,
    artwork_key text,
    artwork_url text,
    issuer_id text,
    issuer_name text,
    issuer_url text,
    issuer_email text,
    signatory_name text,
    signatory_designation text,
    signature_key text,
    signature_url text,
    rule jsonb,
    rule_text text,
    rule_problem text,
    flags text[] NOT NULL,
    origin text NOT NULL CHECK (origin IN ('command', 'watched', 'baseline')),
    fingerprint text,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    unsure_since timestamp with time zone,
    unsure_until timestamp with time zone,
    opened_at timestamp with time zone NOT NULL,
    opened_by text NOT NULL,
    reason text,
    closed_at timestamp with time zone,
    closed_by text,
    close_reason text,
    CONSTRAINT scope_is_whole CHECK (
        ('batch' = scope) = (batch_id IS NOT NULL) AND ('batch' = scope OR tenant_id IS NOT NULL)
    ),
    CONSTRAINT rule_or_problem CHECK ((rule IS NULL) <> (rule_problem IS NULL)),
    CONSTRAINT ends_after_it_begins CHECK (valid_to >= valid_from),
    CONSTRAINT unsure_lies_outside CHECK (unsure_since <= valid_from AND unsure_until >= valid_to),
    CONSTRAINT closing_is_told CHECK ((valid_to IS NULL) = (closed_at IS NULL)),
    CONSTRAINT slot_is_held_once EXCLUDE USING gist (
        operations.slot_range(slot, slot, '[]') WITH &&,
        tstzrange(valid_from, valid_to, '[)') WITH &&
    )
);

CREATE INDEX certificate_associations_of_course
ON operations.certificate_associations (course_id, batch_id);

-- A signature that changes looks for what its issuer has open.
CREATE INDEX certificate_associations_open
ON operations.certificate_associations (issuer_id)
WHERE valid_to IS NULL;

CREATE FUNCTION operations.keep_certificate_history() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.valid_to IS NOT NULL
        OR to_jsonb(NEW) - '{valid_to,unsure_until,closed_at,closed_by,close_reason}'::text[]
        <> to_jsonb(OLD) - '{valid_to,unsure_until,closed_at,closed_by,close_reason}'::text[]
    THEN
        RAISE EXCEPTION 'certificate_associations keeps version % as it was written: it can be'
            ' closed once, and nothing else', OLD.version_id;
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER keep_certificate_history
BEFORE UPDATE OR DELETE ON operations.certificate_associations
FOR EACH ROW EXECUTE FUNCTION operations.keep_certificate_history();

CREATE TABLE operations.certificate_issuers (
    issuer_id text PRIMARY KEY,
    tenant_id text NOT NULL,
    issuer_name text NOT NULL,
    issuer_url text,
    issuer_email text,
    signatory_name text,
    signatory_designation text,
    signature_key text,
    added_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    updated_by text NOT NULL
);

CREATE TABLE operations.certificate_assets (
    object_key text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('artwork', 'signature')),
    sha256 text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    byte_count bigint NOT NULL,
    source_sha256 text NOT NULL,
    source_byte_count bigint NOT NULL,
    added_at timestamp with time zone NOT NULL
);

CREATE TABLE operations.certificate_watches (
    watched_as_of timestamp with time zone PRIMARY KEY,
    snapshot_id text NOT NULL,
    is_baseline boolean NOT NULL,
    baseline_at timestamp with time zone,
    opened_count integer NOT NULL,
    closed_count integer NOT NULL,
    written_at timestamp with time zone NOT NULL
);
