"""A news watch for North Korea-Russia cooperation."""

__version__ = "0.1.0"
