-- Usage of a day: scans, downloads, plays, sessions, and whose they are.
--
-- Makes       metrics.usage_daily, metrics.usage_daily_by_state, metrics.scans_by_code_daily
-- Undone by   0010_usage.down.sql

CREATE TABLE metrics.usage_daily (
    day date NOT NULL,
    owner_scope text NOT NULL,
    owner_channel text NOT NULL,
    owner_slug text,
    owner_name text,
    platform text NOT NULL,
    scan_count bigint NOT NULL,
    successful_scan_count bigint NOT NULL,
    failed_scan_count bigint NOT NULL,
    failed_scan_ratio double precision,
    unmapped_scan_count bigint NOT NULL,
    unmapped_scan_ratio double precision,
    download_count bigint NOT NULL,
    play_count bigint NOT NULL,
    play_device_count bigint NOT NULL,
    play_hours double precision NOT NULL,
    session_count bigint NOT NULL,
    session_device_count bigint NOT NULL,
    session_hours double precision NOT NULL,
    adopted_credit_count bigint NOT NULL,
    location_unknown_count bigint NOT NULL,
    location_conflict_count bigint NOT NULL,
    tied_credit_count bigint NOT NULL,
    is_final boolean NOT NULL,
    PRIMARY KEY (day, owner_scope, owner_channel, platform)
);

CREATE TABLE metrics.usage_daily_by_state (
    day date NOT NULL,
    owner_scope text NOT NULL,
    owner_channel text NOT NULL,
    owner_slug text,
    owner_name text,
    state_code text NOT NULL,
    state_name text,
    scan_count bigint NOT NULL,
    successful_scan_count bigint NOT NULL,
    failed_scan_count bigint NOT NULL,
    failed_scan_ratio double precision,
    download_count bigint NOT NULL,
    play_count bigint NOT NULL,
    play_device_count bigint NOT NULL,
    play_hours double precision NOT NULL,
    adopted_credit_count bigint NOT NULL,
    is_final boolean NOT NULL,
    PRIMARY KEY (day, owner_scope, owner_channel, state_code)
);

CREATE TABLE metrics.scans_by_code_daily (
    day date NOT NULL,
    owner_scope text NOT NULL,
    owner_channel text NOT NULL,
    code text NOT NULL,
    scan_count bigint NOT NULL,
    successful_scan_count bigint NOT NULL,
    failed_scan_count bigint NOT NULL,
    PRIMARY KEY (day, owner_scope, owner_channel, code)
);

-- The reports on textbooks read the days of an academic year of the codes of a book.
CREATE INDEX scans_by_code_daily_of_code ON metrics.scans_by_code_daily (code, day);
