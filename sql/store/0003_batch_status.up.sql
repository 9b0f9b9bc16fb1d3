-- Batch status: what it is, what changed it, and which target of the LMS has not taken it yet.
--
-- Makes       operations.batch_status, operations.batch_status_change,
--             operations.batch_status_publication
-- Undone by   0003_batch_status.down.sql

CREATE TABLE operations.batch_status (
    batch_id text PRIMARY KEY,
    course_id text NOT NULL,
    status integer NOT NULL CHECK (status BETWEEN 0 AND 2),
    platform_status integer,
    batch_name text,
    start_on date,
    end_on date,
    enrolment_end_on date,
    enrolment_type text,
    created_for jsonb,
    problem text CHECK (
        problem IN (
            'unparsable_date', 'end_before_start', 'no_start_date', 'unparsable_enrolment_end'
        )
    ),
    fingerprint bigint NOT NULL,
    changed_at timestamp with time zone
);

-- A course is told all its batches that have not ended.
CREATE INDEX batch_status_of_course ON operations.batch_status (course_id) WHERE status < 2;

CREATE TABLE operations.batch_status_change (
    change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    batch_id text NOT NULL,
    course_id text NOT NULL,
    from_status integer,
    to_status integer,
    reason text NOT NULL CHECK (
        reason IN ('started', 'ended', 'extended', 'start_moved', 'status_missing', 'removed')
    ),
    judged_for timestamp with time zone NOT NULL,
    written_at timestamp with time zone NOT NULL
);

CREATE INDEX batch_status_change_of_batch ON operations.batch_status_change (batch_id, change_id);

CREATE INDEX batch_status_change_written ON operations.batch_status_change (written_at);

CREATE TABLE operations.batch_status_publication (
    target text NOT NULL CHECK (target IN ('batch_table', 'search', 'course')),
    subject_id text NOT NULL,
    course_id text NOT NULL,
    revision bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    last_answer text,
    PRIMARY KEY (target, subject_id)
);

CREATE INDEX batch_status_publication_due
ON operations.batch_status_publication (target, next_attempt_at);
