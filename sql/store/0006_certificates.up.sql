-- The ledger of certificate templates and the register of issuers.
--
-- Undone by   0006_certificates.down.sql

SELECT 1;
