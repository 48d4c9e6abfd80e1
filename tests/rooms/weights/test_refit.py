"""`flask matching refit`: the vocabulary reads what was published since; a second time changes nothing."""

from __future__ import annotations

from sqlalchemy import func, select

from partnerships.core.actor import PUBLIC
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.suggestions import engine
from partnerships.suggestions.models import EngineLanguage


def count() -> int:
    found = db.session.scalar(select(func.count()).select_from(EngineLanguage)) or 0
    db.session.close()  # as a command begins: nothing read, no lock held
    return found


def test_refit_twice(app, make):
    make.need("KHM", summary="Mechanical ground preparation with armoured tillers along the railway.")
    make.need("KHM", summary="Words that nobody else may read: quinquennial.", visibility=Visibility.ISU)
    before = engine.world(PUBLIC).matcher.version
    run, kept = app.test_cli_runner().invoke, count()
    first = run(args=["matching", "refit"])
    assert first.exit_code == 0 and "fitted anew" in first.output and "100%" in first.output, first.output
    assert count() == kept + 1 and engine.world(PUBLIC).matcher.version != before
    words = engine.kept.unpack(db.session.scalars(select(EngineLanguage)).one().words).words
    assert any("tiller" in word for word in words) and not any("quinquennial" in word for word in words)
    db.session.close()
    second = run(args=["matching", "refit"])
    assert second.exit_code == 0 and "Nothing changed" in second.output and count() == kept + 1
