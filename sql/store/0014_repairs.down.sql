-- Undoes 0014_repairs.up.sql

SELECT 1;
