-- Undoes 0009_adoptions.up.sql

SELECT 1;
