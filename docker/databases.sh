#!/bin/sh
# Both databases, their roles and their passwords. PostgreSQL's image runs it on an empty volume. It can be run again at
# any time, and must be after an upgrade from a version with fewer roles or a change of passwords (docs/operations.md).
#
#   airflow         owns Airflow's database
#   monitor_owner   owns the product's database: migrations, and nothing else
#   monitor         the product at work: reads and writes rows, makes and drops nothing
#   monitor_read    people's own queries: reads rows
# None of them can open the other database.
set -eu

query() {
  database=$1
  shift
  psql --username "$POSTGRES_USER" --dbname "$database" --quiet --no-psqlrc --set ON_ERROR_STOP=1 "$@"
}

role() { # role NAME VARIABLE: its password is read from the environment, for the list of processes shows arguments
  query postgres --set name="$1" --set variable="$2" <<'SQL'
\getenv password :variable
SELECT format('CREATE ROLE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
SQL
}

database() { # database NAME OWNER
  query postgres --set name="$1" --set owner="$2" <<'SQL'
SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
ALTER DATABASE :"name" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

role airflow AIRFLOW_DB_PASSWORD
role monitor_owner MONITOR_OWNER_DB_PASSWORD
role monitor MONITOR_DB_PASSWORD
role monitor_read MONITOR_READ_DB_PASSWORD
database airflow airflow
database monitor monitor_owner

query monitor --set superuser="$POSTGRES_USER" <<'SQL'
\getenv password POSTGRES_PASSWORD
ALTER ROLE :"superuser" PASSWORD :'password';
REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC;

-- Where `monitor` owned everything, as it did before there was an owner.
REASSIGN OWNED BY monitor TO monitor_owner;
REVOKE ALL ON DATABASE monitor FROM monitor, monitor_read;
GRANT CONNECT ON DATABASE monitor TO monitor, monitor_read;

GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO monitor;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO monitor;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO monitor_read;
ALTER DEFAULT PRIVILEGES FOR ROLE monitor_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO monitor;
ALTER DEFAULT PRIVILEGES FOR ROLE monitor_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO monitor;
ALTER DEFAULT PRIVILEGES FOR ROLE monitor_owner IN SCHEMA public GRANT SELECT ON TABLES TO monitor_read;

-- A query of somebody must not hold up the work.
ALTER ROLE monitor_read SET default_transaction_read_only = on;
ALTER ROLE monitor_read SET statement_timeout = '5min';
ALTER ROLE monitor_read SET idle_in_transaction_session_timeout = '5min';
ALTER ROLE monitor_read CONNECTION LIMIT 10;
SQL
