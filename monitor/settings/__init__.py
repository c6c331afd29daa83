"""Settings: the YAML files that people edit, and the environment, checked. The only home of pydantic and yaml."""

from monitor.settings.advise import advise_on_archive, advise_on_watch
from monitor.settings.environment import Environment, load_environment
from monitor.settings.load import (
    Settings,
    ThresholdOverrides,
    load_or_last_good,
    load_settings,
    present_thresholds,
    settings_from_texts,
    stored_thresholds,
)
from monitor.settings.terms import compare_watches, print_term, read_watch, readable_watches

__all__ = [
    "Environment",
    "Settings",
    "ThresholdOverrides",
    "advise_on_archive",
    "advise_on_watch",
    "compare_watches",
    "load_environment",
    "load_or_last_good",
    "load_settings",
    "present_thresholds",
    "print_term",
    "read_watch",
    "readable_watches",
    "settings_from_texts",
    "stored_thresholds",
]
