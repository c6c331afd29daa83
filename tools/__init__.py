"""What `make` runs: a whole run through the real DAGs, a local Airflow, the bundled sample."""
