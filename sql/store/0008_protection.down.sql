-- How each tenant wants its files protected, with its keys: undone. A level that needs a key stays
-- and makes no file: without the key it cannot be kept.

ALTER TABLE operations.policy
DROP COLUMN changed_at,
DROP COLUMN text_key,
DROP COLUMN public_key;
