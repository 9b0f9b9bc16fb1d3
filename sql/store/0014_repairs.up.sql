-- What is proposed to mend in enrolments and scores.
--
-- Makes       operations.enrolment_repair, operations.invalid_attempt, operations.score_correction
-- Undone by   0014_repairs.down.sql

CREATE TABLE operations.enrolment_repair (
    batch_id text NOT NULL,
    user_id text NOT NULL,
    course_id text NOT NULL,
    problem text NOT NULL CHECK (
        problem IN ('enrolment_date_missing', 'completion_missing', 'content_status_stale')
    ),
    proposed_value timestamp with time zone,
    stale_contents jsonb,
    basis text NOT NULL CHECK (
        basis IN (
            'first_content', 'batch_start', 'completion', 'last_content', 'last_progress',
            'batch_end', 'enrolment', 'hierarchy', 'nothing_known'
        )
    ),
    held_status integer,
    data_as_of timestamp with time zone NOT NULL,
    state text NOT NULL CHECK (state IN ('proposed', 'unknown', 'approved', 'resolved')),
    first_seen_at timestamp with time zone NOT NULL,
    last_seen_at timestamp with time zone NOT NULL,
    approved_at timestamp with time zone,
    approved_by text,
    PRIMARY KEY (batch_id, user_id, course_id, problem),
    -- A proposal says what to change; what says nothing waits for a person.
    CHECK (state <> 'proposed' OR proposed_value IS NOT NULL OR stale_contents IS NOT NULL),
    CHECK (state <> 'approved' OR approved_by IS NOT NULL)
);

CREATE TABLE operations.invalid_attempt (
    batch_id text NOT NULL,
    user_id text NOT NULL,
    course_id text NOT NULL,
    content_id text NOT NULL,
    attempt_id text NOT NULL,
    reason text NOT NULL CHECK (reason IN ('question_count_differs')),
    question_count bigint NOT NULL,
    total_questions bigint NOT NULL,
    attempted_at timestamp with time zone,
    score double precision,
    max_score double precision,
    answers jsonb,
    applied_at timestamp with time zone NOT NULL,
    applied_by text NOT NULL,
    PRIMARY KEY (batch_id, user_id, content_id, attempt_id)
);

CREATE TABLE operations.score_correction (
    batch_id text NOT NULL,
    user_id text NOT NULL,
    course_id text NOT NULL,
    content_id text NOT NULL,
    score_before double precision,
    max_score_before double precision,
    attempts_before bigint NOT NULL,
    score double precision,
    max_score double precision,
    attempts bigint NOT NULL,
    certificate_count bigint NOT NULL,
    data_as_of timestamp with time zone NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    applied_by text NOT NULL,
    PRIMARY KEY (batch_id, user_id, content_id)
);
