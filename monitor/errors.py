"""Everything that this product raises on purpose.

    MonitorError                   str() is fit to show a user
      SettingsError                every problem of the config at once
      StoreError                   database unreachable or out of date
      ClassifierError
        ModelNotFoundError         no trained model
        ModelMismatchError         the model was made by another version, or is damaged
        BelowFloorError            a new model is worse than what we are willing to ship
      DeliveryError                Slack refused for good: somebody must act
        MessageRefusedError        Slack refused the form of one message: a plainer one may pass
        ThreadGoneError            the thread to reply in is gone: a new root may pass
      DeliveryDelayedError         Slack asks to come back later
        AmbiguousDeliveryError     nobody knows whether Slack took the message: look it up before sending again

Only the edge that owns a library catches its exceptions and raises one of these ``from`` them.
"""

from collections.abc import Sequence


class MonitorError(Exception):
    """Base of all: its text says what is wrong, where, and how to mend it."""


class SettingsError(MonitorError):
    """The config has problems; ``problems`` holds one line each: ``file:line: key: message``."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class StoreError(MonitorError):
    """The database cannot be reached, or its schema is not the one of this version."""


class ClassifierError(MonitorError):
    """Something about training or using a model."""


class ModelNotFoundError(ClassifierError):
    """There is no trained model yet."""


class ModelMismatchError(ClassifierError):
    """The model on hand was made by another version of the product, or is damaged."""


class BelowFloorError(ClassifierError):
    """A freshly trained model did not reach its floors and was not kept."""


class DeliveryError(MonitorError):
    """Slack refused a message, and repeating it would not help. ``code`` is Slack's error code."""

    def __init__(self, message: str, *, code: str = "") -> None:
        self.code = code
        super().__init__(message)


class DeliveryDelayedError(MonitorError):
    """Slack asks us to wait ``retry_after`` seconds."""

    def __init__(self, message: str, *, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class MessageRefusedError(DeliveryError):
    """Slack refused the form of this message; a plainer one may pass."""


class ThreadGoneError(DeliveryError):
    """The thread that the message belongs to is gone or closed; a new root may pass."""


class AmbiguousDeliveryError(DeliveryDelayedError):
    """The connection broke or Slack failed on its side: the message may be in the channel, or not."""
