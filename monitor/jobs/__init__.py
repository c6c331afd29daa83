"""One straight line per DAG and CLI command: each job gets the store, its effect and ``now``."""
