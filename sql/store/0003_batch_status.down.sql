-- Batch status, undone: the tables go, with the history of changes.

DROP TABLE operations.batch_status_publication;

DROP TABLE operations.batch_status_change;

DROP TABLE operations.batch_status;
