-- Textbooks that are named and not counted, as their hierarchy cannot be used.
--
-- Severity    warn
-- Reads       metrics.textbook_creation
-- Parameters  :week_on  the week that is published

SELECT version_id
FROM metrics.textbook_creation
WHERE week_on = :week_on AND ownership = 'own' AND hierarchy_problem IS NOT NULL
