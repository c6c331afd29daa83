"""Settings: the YAML files that people edit, and the environment, checked. The only home of pydantic and yaml."""

from monitor.settings.environment import Environment, load_environment
from monitor.settings.load import Settings, ThresholdOverrides, load_or_last_good, load_settings, settings_from_texts
from monitor.settings.terms import print_term, read_watch

__all__ = [
    "Environment",
    "Settings",
    "ThresholdOverrides",
    "load_environment",
    "load_or_last_good",
    "load_settings",
    "print_term",
    "read_watch",
    "settings_from_texts",
]
