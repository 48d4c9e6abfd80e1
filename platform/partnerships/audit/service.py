"""The job that keeps the head of each day is declared with the room."""

from partnerships.audit import heads

__all__ = ["heads"]
