-- Learners who earned a certificate and have none, and what was decided.
--
-- Undone by   0007_missed_certificates.down.sql

SELECT 1;
