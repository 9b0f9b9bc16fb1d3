-- Certificates, undone: the ledger goes, and with it the only memory of what was active when.

DROP TABLE operations.certificate_watches;

DROP TABLE operations.certificate_assets;

DROP TABLE operations.certificate_issuers;

DROP TABLE operations.certificate_associations;

DROP FUNCTION operations.keep_certificate_history();

DROP TYPE operations.slot_range;
