"""SQL through every filter, sort and page of every list, found from the pages' own forms."""

from __future__ import annotations

import html5lib
import pytest
from sqlalchemy import func, select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from tests.support.client import _NS, Raw

PAYLOADS = ("' OR '1'='1", "1); DROP TABLE need; --", "%' UNION SELECT email, password_hash FROM account --", "\\'\"`;--/*",
            "KHM' AND (SELECT 1)=1 --", "1 OR 1=1", "*/ OR true /*", "${jndi:ldap://x}", "%' OR visibility='parties' --")
ALWAYS = ("page", "per", "sort", "order", "as", "kind", "lang", "q", "state", "cursor")


def _lists(app):
    """The addresses of pages without a record of their own."""
    return sorted({rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments
                   and not rule.endpoint.startswith("accounts.ministr")})


def _names(page):
    """The names that the page's own filters send."""
    tree = html5lib.parse(page)
    return sorted({str(node.get("name")) for form in tree.iter(f"{_NS}form") if (form.get("method") or "get").lower() == "get"
                   for node in form.iter() if node.get("name")})


@pytest.mark.parametrize("role", [Role.PUBLIC, Role.DONOR_OFFICER, Role.ISU_ADMINISTRATOR])
def test_no_filter_reaches_the_database_as_sql(app, make, sign_in, monkeypatch, role):
    hidden = make.need("AGO", visibility=Visibility.ISU, title="Nobody else may read this title")
    make.need("KHM")
    needs = db.session.scalar(select(func.count()).select_from(Need))
    monkeypatch.setattr(app, "test_client_class", Raw)
    client = app.test_client() if role is Role.PUBLIC else sign_in(role)
    asked, filters = 0, set()
    for url in _lists(app):
        first = client.get(url)
        if first.status_code != 200 or first.mimetype != "text/html":
            continue
        names = _names(first.get_data(as_text=True))
        filters |= {(url, name) for name in names}
        for payload in PAYLOADS if role is Role.PUBLIC else PAYLOADS[:2]:
            answer = client.get(url, query_string=dict.fromkeys((*names, *ALWAYS), payload))
            asked += 1
            assert answer.status_code in (200, 303, 404, 422), (url, payload, answer.status_code)
            told = answer.get_data(as_text=True)
            assert "$argon2" not in told and "sqlite3" not in told and "psycopg" not in told
            if role is not Role.ISU_ADMINISTRATOR:
                assert hidden.ref not in told and hidden.title not in told, (url, payload)
    assert asked > 40 and len(filters) >= 30
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Need)) == needs
