-- Learners who earned a certificate and have none, undone: what was issued is forgotten too.

DROP TABLE operations.certificate_event;

DROP TABLE operations.certificate_issued;

DROP TABLE operations.missed_certificate;

DROP TABLE operations.certificate_problem;

DROP TABLE operations.missed_certificate_run;

DROP TABLE operations.certificate_approval;
