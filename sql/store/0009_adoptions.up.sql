-- Textbooks that a state adopted from their publisher.
--
-- Makes       operations.textbook_adoption, operations.adoption_file,
--             operations.adoption_notice, operations.textbook_catalogue
-- Undone by   0009_adoptions.down.sql

CREATE TABLE operations.textbook_adoption (
    adoption_id text PRIMARY KEY,
    textbook_id text NOT NULL,
    board text NOT NULL,
    publisher_channel text NOT NULL,
    adopting_channel text NOT NULL,
    state text,
    state_code text,
    framework_id text NOT NULL,
    mode text NOT NULL CHECK (mode IN ('asis', 'medium', 'metadata')),
    mediums text[],
    grades text[],
    subjects text[],
    name text,
    description text,
    icon text,
    adopter_id text NOT NULL,
    file_id text NOT NULL,
    row_number integer NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    valid_to timestamp with time zone,
    is_current boolean NOT NULL GENERATED ALWAYS AS (valid_to IS NULL) STORED,
    source_package_version text,
    notified_at timestamp with time zone,
    removed_by text,
    CONSTRAINT adopted_before_it_ended CHECK (valid_to > valid_from),
    CONSTRAINT one_version_starts_at_a_time UNIQUE (textbook_id, board, valid_from)
);

-- Overwritten, never appended: a board shows a textbook as one version.
CREATE UNIQUE INDEX textbook_adoption_current
ON operations.textbook_adoption (textbook_id, board) WHERE valid_to IS NULL;

CREATE TABLE operations.adoption_file (
    intake_id text PRIMARY KEY,
    file_id text NOT NULL,
    file_name text NOT NULL,
    adopting_channel text NOT NULL,
    adopter_id text NOT NULL,
    mode text CHECK (mode IN ('asis', 'medium', 'metadata')),
    board text,
    status text NOT NULL CHECK (status IN ('applied', 'refused')),
    refused_because text,
    row_count bigint NOT NULL,
    applied_count bigint NOT NULL,
    unchanged_count bigint NOT NULL,
    rejected_count bigint NOT NULL,
    error_count bigint NOT NULL,
    warning_count bigint NOT NULL,
    taken_at timestamp with time zone NOT NULL
);

CREATE TABLE operations.adoption_notice (
    notice_id text PRIMARY KEY,
    adoption_id text NOT NULL REFERENCES operations.textbook_adoption (adoption_id),
    textbook_id text NOT NULL,
    board text NOT NULL,
    adopting_channel text NOT NULL,
    state_code text,
    name text,
    changes jsonb NOT NULL,
    noticed_at timestamp with time zone NOT NULL,
    event_key text,
    told_at timestamp with time zone
);

CREATE INDEX adoption_notice_due
ON operations.adoption_notice (noticed_at) WHERE told_at IS NULL;

CREATE TABLE operations.textbook_catalogue (
    listing_id text PRIMARY KEY,
    textbook_id text NOT NULL,
    board text,
    listed_channel text,
    publisher_channel text,
    adoption_id text,
    mode text CHECK (mode IN ('asis', 'medium', 'metadata')),
    mediums text[] NOT NULL,
    grades text[] NOT NULL,
    subjects text[] NOT NULL,
    name text,
    description text,
    icon text,
    chapter_count bigint,
    package_version text,
    is_adopted boolean NOT NULL,
    is_shown boolean NOT NULL,
    hidden_because text CHECK (hidden_because IN ('source_not_live', 'source_missing')),
    is_in_workspace boolean NOT NULL,
    refreshed_at timestamp with time zone NOT NULL,
    CONSTRAINT adopted_books_are_in_no_workspace CHECK (NOT (is_adopted AND is_in_workspace))
);

CREATE INDEX textbook_catalogue_board ON operations.textbook_catalogue (board);
