"""What developers run: the environment, a local Airflow, the demo, the pictures."""
