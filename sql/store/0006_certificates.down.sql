-- The ledger of certificate templates and the register of issuers: undone.

SELECT 1;
