"""What the page shows to those who write a receiver: a body, and a verification that a test runs."""

from __future__ import annotations

from functools import cache

from partnerships.settings import ROOT

BODY = """{"id":"msg_5f0c...","type":"need.published","timestamp":"2027-03-01T09:30:00+00:00",
 "data":{"reference":"KHM-2027-014","address":"https://.../needs/KHM-2027-014","title":"...",
         "language":"en","state":"KHM","theme":"survey-clearance","deadline":"2029-12-31"}}"""


@cache
def code() -> str:
    """The receiver of docs/webhooks.md: its first block of Python."""
    return (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
