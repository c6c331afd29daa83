"""The store: the only home of SQLAlchemy. Functions take a connection and core types and return core types."""

from sqlalchemy import Connection

from monitor.store.engine import Store

__all__ = ["Connection", "Store"]
