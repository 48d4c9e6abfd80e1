"""The run command's own work: after its first minutes, again and again, never stopped by a failure, never in production."""

from __future__ import annotations

import pytest

from partnerships import serve
from partnerships.core import delivery, jobs


class Stop(Exception):
    """Ends the loop of the thread."""


def hours(most: int, waited: list[float]):
    def pause(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == most:
            raise Stop

    return pause


def test_it_works_on_and_survives_a_failure(app, make, monkeypatch):
    done, waited = [], []

    def work() -> list:
        done.append("work")
        if len(done) == 1:
            raise RuntimeError("no luck")
        return []

    monkeypatch.setattr(jobs, "run_due", work)
    monkeypatch.setattr(delivery, "deliver", lambda: done.append("delivered"))
    with pytest.raises(Stop):
        serve._keep_house(app, hours(3, waited))
    assert waited == [serve.FIRST_RUN, serve.EVERY, serve.EVERY]
    assert done.count("delivered") == 1 and len(done) == 3


def test_in_production_cron_does_it(app, monkeypatch):
    monkeypatch.setattr(jobs, "run_due", lambda: pytest.fail("ran"))
    app.config["SETTINGS"] = app.config["SETTINGS"].with_(environment="production")
    serve._keep_house(app, lambda seconds: None)
