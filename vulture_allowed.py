"""Names that nothing in our own code calls, and why they stay. Read by vulture alone, never run."""

# ruff: noqa: B018, F821

# Called by a library: SQLAlchemy, Alembic, pydantic, PyYAML, re2, Airflow, the HTTP server, Python itself.
_.impl
_.cache_ok
_.process_bind_param
_.process_result_value
_.isolation_level
_.down_revision
_.model_config
_.cls
cls
_.yaml_implicit_resolvers
_.log_errors
_.retries
_.do_GET
_.log_message
_.__getattr__
_.__call__
_.describe
_.collect
_.PREFERRED_XML_PARSERS
_.buffer_text
_.characters
_.start_element_ns
_.end_element_ns
create_parser

# Read by their names: written as JSON, counted, or set in the config.
_.parted
_.recall_at_precision_90
_.theme_micro_f1
_.theme_macro_f1
_.theme_intervals
_.alert_precision
_.alert_recall
_.alert_threshold
_.histogram
_.described
_.across
_.up
_.curve
_.calibration
_.mistakes
_.corpus_digest
_.corpus_items
_.predicted
_.tried
_.covers
_.max_per_hour
_.other_articles
_.stories_per_week
_.differs
_.OFFICIAL
_.WIRE
_.SPECIALIST
_.STATE_MEDIA

# Called by benchmarks and tests, and by what comes next.
_.group_articles
_.deliveries_of
_.add_labels
_.load_estimators
_.concept_named
_.FEATURES
_.parted
_.health_changes
