"""What DAGs share: the one way to start a job, its defaults, the tables and the alerts."""
