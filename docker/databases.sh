#!/bin/sh
# Run by PostgreSQL's image on an empty volume: Airflow's database and the product's, each with a role that sees only its own.
set -eu

for name in airflow monitor; do
  case $name in
  airflow) password=$AIRFLOW_DB_PASSWORD ;;
  monitor) password=$MONITOR_DB_PASSWORD ;;
  esac
  psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 --set name="$name" --set password="$password" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
done
