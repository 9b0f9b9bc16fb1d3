"""What the page in Airflow shows: facts of today, trends, requests, held messages, tables."""
