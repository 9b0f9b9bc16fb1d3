-- How each tenant wants its files protected, with its keys: undone.

SELECT 1;
