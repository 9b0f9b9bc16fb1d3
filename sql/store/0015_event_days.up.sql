-- Which days of usage events were made of what.
--
-- Makes       operations.telemetry_arrival, operations.event_day, operations.event_day_use
-- Undone by   0015_event_days.down.sql

CREATE TABLE operations.telemetry_arrival (
    arrival_day date PRIMARY KEY,
    version_id text NOT NULL,
    fingerprint text NOT NULL,
    file_count bigint NOT NULL,
    in_count bigint NOT NULL,
    not_ours_count bigint NOT NULL CHECK (not_ours_count >= 0),
    rejected_count bigint NOT NULL,
    late_count bigint NOT NULL,
    landed_count bigint NOT NULL,
    rejected jsonb NOT NULL,
    late jsonb NOT NULL,
    landed jsonb NOT NULL,
    landed_at timestamp with time zone NOT NULL,
    CHECK (in_count = not_ours_count + rejected_count + late_count + landed_count)
);

CREATE TABLE operations.event_day (
    day date PRIMARY KEY,
    version_id text NOT NULL,
    is_final boolean NOT NULL,
    parts jsonb NOT NULL,
    run_id text NOT NULL,
    in_count bigint NOT NULL,
    counted_count bigint NOT NULL CHECK (counted_count >= 0),
    duplicate_count bigint NOT NULL,
    collision_count bigint NOT NULL,
    double_click_count bigint NOT NULL,
    late_count bigint NOT NULL,
    counted jsonb NOT NULL,
    made_at timestamp with time zone NOT NULL,
    CHECK (
        in_count = counted_count + duplicate_count + collision_count + double_click_count
    )
);

CREATE TABLE operations.event_day_use (
    product text NOT NULL,
    day date NOT NULL,
    version_id text NOT NULL,
    PRIMARY KEY (product, day)
);
