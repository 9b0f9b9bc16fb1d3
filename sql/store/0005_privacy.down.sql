-- The audit log, and what proves that personal data is gone: undone.

SELECT 1;
