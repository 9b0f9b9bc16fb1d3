-- Undoes 0014_repairs.up.sql

DROP TABLE operations.score_correction;

DROP TABLE operations.invalid_attempt;

DROP TABLE operations.enrolment_repair;
