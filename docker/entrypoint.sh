#!/bin/sh
# The services' common start. `init` prepares both databases and the first model; the rest is passed on.
set -eu

case "${1:-}" in
init)
  airflow db check --retry 60 --retry-delay 2
  airflow db migrate
  if [ -f docker/pools.json ]; then airflow pools import docker/pools.json; fi
  monitor store migrate
  exec python -c 'from monitor import run; run.has_model() or print(run.train())'
  ;;
api-server)
  umask 077
  printf '{"admin": "%s"}' "$AIRFLOW_ADMIN_PASSWORD" >"$AIRFLOW_HOME/passwords.json"
  exec airflow "$@"
  ;;
listen)
  if [ -z "${SLACK_APP_TOKEN:-}" ]; then
    echo "SLACK_APP_TOKEN is empty: there are no buttons in Slack, and nobody listens"
    exec sleep infinity
  fi
  exec monitor listen
  ;;
scheduler | dag-processor | triggerer | celery)
  exec airflow "$@"
  ;;
*)
  exec "$@"
  ;;
esac
