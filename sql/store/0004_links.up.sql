-- Links in mails to files that are too large for one, and their openings.
--
-- Makes       operations.link, operations.link_opening
-- Undone by   links.down.sql of the same number
-- The id of a link opens a file: only its hash is kept. Of who opens it, nothing is kept.

CREATE TABLE operations.link (
    link_sha256 text PRIMARY KEY,
    object_key text NOT NULL,
    file_name text NOT NULL,
    file_bytes bigint NOT NULL,
    delivery_id text NOT NULL,
    tag text,
    request_id text,
    recipient_role text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE INDEX link_of_request ON operations.link (tag, request_id);

CREATE TABLE operations.link_opening (
    opening_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    link_sha256 text NOT NULL,
    opened_at timestamp with time zone NOT NULL
);

CREATE INDEX link_opening_of_link ON operations.link_opening (link_sha256);
