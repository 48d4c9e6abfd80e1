"""The verification queue of the ISU."""

from __future__ import annotations

from datetime import timedelta

import pytest

from partnerships.core.actor import ISU, SIGNED_IN, Role
from partnerships.core.db import db
from partnerships.needs.states import NeedStatus

URL = "/desk/verification"


def test_the_longest_waiting_first_with_its_days(make, sign_in):
    newer = make.need("AGO", NeedStatus.SUBMITTED, title="Came today")
    older = make.need("KHM", NeedStatus.SUBMITTED, title="Came long ago")
    older.submitted_at -= timedelta(days=12)
    db.session.commit()
    make.need("KHM", NeedStatus.DRAFT, title="Still a draft")
    make.need("KHM", title="Already published")
    text = sign_in(Role.ISU_OFFICER).get(URL).get_data(as_text=True)
    assert text.index("Came long ago") < text.index("Came today")
    assert ">12<" in text
    assert newer.ref in text and "Angola" in text and "Person " in text
    assert "Still a draft" not in text and "Already published" not in text
    assert "All 2 that wait are shown" in text


def test_empty_says_what_to_do_next(sign_in):
    text = sign_in(Role.ISU_ADMINISTRATOR).get(URL).get_data(as_text=True)
    assert "No need waits for verification" in text
    assert "Go to the follow-ups" in text


@pytest.mark.parametrize("role", [role for role in SIGNED_IN if role not in ISU])
def test_nobody_else(sign_in, role):
    assert sign_in(role).get(URL).status_code == 403


def test_signed_out(visitor):
    assert visitor.get(URL).status_code == 303
