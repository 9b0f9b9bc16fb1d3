-- Learners who earned a certificate and have none, and what was decided: undone.

SELECT 1;
