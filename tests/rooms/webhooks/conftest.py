"""A receiver on this machine, and a platform that may reach it."""

from __future__ import annotations

import pytest

from tests.support.receiver import Receiver


@pytest.fixture
def receiver(app):
    """A receiver; the application is allowed to reach this machine."""
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(webhook_private=True)
    one = Receiver()
    yield one
    one.close()
