-- What is proposed to mend in enrolments and scores.
--
-- Makes       
-- Undone by   0014_repairs.down.sql

SELECT 1;
