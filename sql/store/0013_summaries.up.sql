-- Group activity and the collection summary.
--
-- Makes       metrics.collection_summary_daily, metrics.group_activity
-- Undone by   0013_summaries.down.sql

CREATE TABLE metrics.collection_summary_daily (
    day date NOT NULL,
    content_org jsonb,
    batch_id text NOT NULL,
    collection_id text NOT NULL,
    collection_name text,
    batch_name text,
    start_on date,
    end_on date,
    has_certificate text NOT NULL,
    state text NOT NULL,
    district text NOT NULL,
    enrolment_count bigint NOT NULL,
    completion_count bigint NOT NULL,
    certificate_count bigint NOT NULL,
    certificate_lag_count bigint,
    collection_status text,
    keywords jsonb,
    channel text,
    computed_at timestamp with time zone NOT NULL,
    org_name text,
    created_for jsonb,
    medium jsonb,
    subject jsonb,
    user_type text,
    user_sub_type text,
    PRIMARY KEY (day, batch_id, state, district)
);

CREATE TABLE metrics.group_activity (
    group_id text NOT NULL,
    activity_type text NOT NULL,
    activity_id text NOT NULL,
    member_count bigint NOT NULL,
    enrolment_count bigint NOT NULL,
    completed_count bigint NOT NULL,
    scored_count bigint NOT NULL,
    mean_score_pct double precision,
    best_score_pct integer,
    last_updated_at timestamp with time zone,
    PRIMARY KEY (group_id, activity_type, activity_id)
);
