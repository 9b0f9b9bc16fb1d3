-- Learners who earned a certificate and have none, what was decided, and what was issued.
--
-- Makes       operations.certificate_approval, operations.missed_certificate,
--             operations.certificate_problem, operations.missed_certificate_run,
--             operations.certificate_issued, operations.certificate_event
-- Undone by   0007_missed_certificates.down.sql

CREATE TABLE operations.certificate_approval (
    approval_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id text NOT NULL,
    version_id text NOT NULL,
    reason text NOT NULL,
    decision text NOT NULL CHECK (decision IN ('approved', 'rejected')),
    learner_count bigint NOT NULL,
    excluded text[] NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    decided_in text NOT NULL CHECK (decided_in IN ('airflow', 'command')),
    note text,
    issue_version_id text
);

CREATE TABLE operations.missed_certificate (
    user_id text NOT NULL,
    course_id text NOT NULL,
    batch_id text NOT NULL,
    template_id text NOT NULL,
    version_id text NOT NULL,
    certificate_type text NOT NULL,
    template_name text,
    completed_at timestamp with time zone NOT NULL,
    state text NOT NULL CHECK (
        state IN (
            'new', 'pending', 'held', 'approved', 'rejected', 'failed', 'issued', 'resolved'
        )
    ),
    reason text NOT NULL CHECK (
        reason IN (
            'earned', 'broken_issue', 'manual', 'unsure_version', 'rule_unusable',
            'artwork_missing', 'no_tenant', 'batch_missing', 'learner_unknown',
            'learner_inactive', 'no_name', 'revoked', 'name_twice', 'completed_after_end',
            'top_not_final'
        )
    ),
    rule_said text,
    flags text[] NOT NULL,
    cause text,
    failed_at timestamp with time zone,
    replaces_id text,
    first_seen_at timestamp with time zone NOT NULL,
    first_seen_on date NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    source text NOT NULL CHECK (source IN ('nightly', 'command')),
    asked_by text,
    asked_because text,
    approval_id bigint REFERENCES operations.certificate_approval (approval_id),
    decided_at timestamp with time zone,
    failure text,
    certificate_id text,
    PRIMARY KEY (batch_id, user_id, template_id, course_id),
    CONSTRAINT nothing_is_issued_unapproved CHECK (
        state NOT IN ('approved', 'issued') OR approval_id IS NOT NULL
    )
);

CREATE INDEX missed_certificate_open
ON operations.missed_certificate (state, batch_id, version_id)
WHERE state NOT IN ('issued', 'resolved', 'rejected');

CREATE TABLE operations.certificate_problem (
    user_id text NOT NULL,
    course_id text NOT NULL,
    batch_id text NOT NULL,
    version_id text NOT NULL,
    problem text NOT NULL CHECK (
        problem IN (
            'no_completion_date', 'completion_missing', 'status_not_completed',
            'completed_in_future', 'implausible_date', 'before_ledger', 'rule_unknown'
        )
    ),
    completed_at timestamp with time zone,
    detail text,
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    PRIMARY KEY (batch_id, user_id, problem, version_id)
);

CREATE TABLE operations.missed_certificate_run (
    as_of timestamp with time zone PRIMARY KEY,
    data_as_of timestamp with time zone NOT NULL,
    published_at timestamp with time zone NOT NULL,
    counts jsonb NOT NULL,
    report_key text
);

CREATE TABLE operations.certificate_issued (
    certificate_id text PRIMARY KEY,
    user_id text NOT NULL,
    course_id text NOT NULL,
    batch_id text NOT NULL,
    template_id text NOT NULL,
    template_name text,
    certificate_type text NOT NULL,
    version_id text NOT NULL,
    completed_at timestamp with time zone NOT NULL,
    issued_at timestamp with time zone NOT NULL,
    pdf_key text NOT NULL,
    pdf_sha256 text NOT NULL,
    credential_key text NOT NULL,
    credential_sha256 text NOT NULL,
    kid text,
    status text NOT NULL CHECK (status IN ('ACTIVE', 'REVOKED')),
    revoked_at timestamp with time zone,
    revoked_reason text,
    approval_id bigint NOT NULL REFERENCES operations.certificate_approval (approval_id),
    replaces_id text,
    CONSTRAINT one_per_learner_and_template UNIQUE (batch_id, user_id, template_id, course_id)
);

CREATE TABLE operations.certificate_event (
    certificate_id text NOT NULL
    REFERENCES operations.certificate_issued (certificate_id),
    target text NOT NULL CHECK (target IN ('file', 'http')),
    attempts bigint NOT NULL,
    next_attempt_at timestamp with time zone,
    told_at timestamp with time zone,
    last_answer text,
    PRIMARY KEY (certificate_id, target)
);

CREATE INDEX certificate_event_due
ON operations.certificate_event (target, next_attempt_at) WHERE told_at IS NULL;
