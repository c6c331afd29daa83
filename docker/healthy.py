"""Health checks without Airflow's command line, which would take ten seconds of a core each time.

python docker/healthy.py api-server | scheduler | dag_processor | triggerer | worker | listen | metrics
"""

import json
import os
import socket
import sys
import urllib.request


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return bytes(answer.read())


def is_healthy(service: str) -> bool:
    if service == "scheduler":  # its own health server answers 503 when it is stuck
        fetch("http://localhost:8974/health")
        return True
    if service == "worker":
        from celery import Celery

        name = f"celery@{socket.gethostname()}"
        app = Celery(broker=os.environ["AIRFLOW__CELERY__BROKER_URL"])
        return bool(app.control.inspect(destination=[name], timeout=10).ping())
    if service == "listen":
        from monitor import run

        return not os.environ.get("SLACK_APP_TOKEN") or run.is_listening()
    if service == "metrics":
        return b"monitor_up 1.0" in fetch("http://localhost:9464/metrics")
    host = "localhost" if service == "api-server" else "api-server"
    seen = json.loads(fetch(f"http://{host}:8080/api/v2/monitor/health"))
    component = "metadatabase" if service == "api-server" else service
    return bool(seen[component]["status"] == "healthy")


if __name__ == "__main__":
    try:
        sys.exit(0 if is_healthy(sys.argv[1]) else 1)
    except OSError as error:
        sys.exit(f"{sys.argv[1]}: {error}")
