-- The audit log, and what proves that personal data is gone: undone.
--
-- Loses       the log and the list of who is in which file: keep a copy where the law asks for one.

ALTER TABLE operations.link DROP COLUMN IF EXISTS file_sha256;

DROP TABLE IF EXISTS operations.erasure;

DROP TABLE IF EXISTS operations.consent_withdrawal;

DROP TABLE IF EXISTS operations.exhaust_file_learners;

DROP TABLE IF EXISTS operations.exhaust_file;

DROP TABLE IF EXISTS operations.audit_head;

DROP TABLE IF EXISTS operations.audit_log;

DROP FUNCTION IF EXISTS operations.refuse_step_back();

DROP FUNCTION IF EXISTS operations.refuse_change();
