-- Textbooks that a state adopted from their publisher.
--
-- Makes       
-- Undone by   0009_adoptions.down.sql

SELECT 1;
