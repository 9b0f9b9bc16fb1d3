-- How each tenant wants its files protected, with its keys.
--
-- Makes       The columns public_key, text_key and changed_at of operations.policy. A text key
--             is there as the platform's ciphertext only.
-- Undone by   0008_protection.down.sql

ALTER TABLE operations.policy
ADD COLUMN public_key text,
ADD COLUMN text_key text,
ADD COLUMN changed_at timestamp with time zone;
