# One image for every service: Airflow, the DAGs and the product. Pinned by requirements.lock, with hashes.
FROM python:3.11-slim-bookworm AS packages
RUN pip install --no-cache-dir uv==0.13.9
COPY requirements.lock /tmp/requirements.lock
RUN python -m venv /opt/venv \
 && uv pip install --no-cache --compile-bytecode --python /opt/venv/bin/python --require-hashes --requirement /tmp/requirements.lock

FROM python:3.11-slim-bookworm
# Under a read-only root /airflow and /var/lib/monitor are in memory, with the mode that they have here; logs and pages are volumes.
RUN useradd --uid 50000 --create-home monitor \
 && install --directory --mode=1777 /airflow /var/lib/monitor \
 && install --directory --owner=monitor --group=monitor /airflow/logs /var/lib/monitor/pages /var/lib/monitor/archive
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY docker/monitor /usr/local/bin/monitor
COPY docker docker
COPY pyproject.toml README.md LICENSE ./
COPY config config
COPY models/corpus models/corpus
COPY dags dags
COPY monitor monitor
# The sources are on the path as they are: installing them would need a build tool that no lock pins.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    AIRFLOW_HOME=/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/app/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    MONITOR_CONFIG=/app/config \
    MONITOR_HOME=/var/lib/monitor
USER monitor
ENTRYPOINT ["/app/docker/entrypoint.sh"]
CMD ["monitor", "--help"]
