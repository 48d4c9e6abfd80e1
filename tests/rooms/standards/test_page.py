"""The page of IATI, its file, and the command."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from lxml import etree

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.pledges.models import Pledge
from partnerships.settings import Settings, SettingsError
from tests.support.iati import FOLDER, sound

FILE = "/standards/iati/activities.xml"


def test_the_page_says_what_is_published_and_how_much_is_left_out(app, make, visitor):
    make.pledge("NOR", visibility=Visibility.PARTIES)
    text = visitor.get("/standards/iati").get_data(as_text=True)
    assert "Pledges that not everybody may see" in text and "survey-clearance" in text and "APMBC-ISU" in text


def test_the_file_is_valid_and_a_reader_who_has_it_gets_it_not_again(app, make, visitor):
    make.pledge("NOR")
    answer = visitor.get(FILE)
    assert answer.status_code == 200 and answer.mimetype == "application/xml"
    assert "attachment" in answer.headers["Content-Disposition"] and answer.headers["Cache-Control"] == "public, max-age=300"
    document = sound(answer.get_data()) if FOLDER.exists() else etree.fromstring(answer.get_data()).getroottree()
    assert len(document.findall("iati-activity")) > 700
    tag = answer.headers["ETag"]
    again = visitor.get(FILE, headers={"If-None-Match": tag})
    assert again.status_code == 304 and again.get_data() == b"" and again.headers["ETag"] == tag
    db.session.query(Pledge).update({"updated_at": Pledge.updated_at})
    make.pledge("JPN")
    assert visitor.get(FILE, headers={"If-None-Match": tag}).status_code == 200


def test_filters_of_the_file_are_checked_in_words(app, make, visitor):
    one = make.pledge("NOR")
    make.pledge("JPN")
    only = etree.fromstring(visitor.get(f"{FILE}?donor=NOR&since={date.today() - timedelta(1)}").get_data())
    assert {part.text for part in only.iter("iati-identifier")} == {f"APMBC-ISU-{one.ref}", "APMBC-ISU-PL-2018-R28"}
    assert visitor.get(f"{FILE}?donor=NOBODY").status_code == 422
    bad = visitor.get(f"{FILE}?since=yesterday")
    assert bad.status_code == 422 and "2027-04-30" in bad.get_data(as_text=True)
    none = visitor.get(f"{FILE}?since={date.today() + timedelta(5)}")
    assert none.status_code == 404 and "a file of IATI cannot be empty" in none.get_data(as_text=True)


def test_a_member_of_the_isu_gets_the_same_file_as_everybody(app, make, sign_in, visitor):
    hidden = make.pledge("NOR", visibility=Visibility.ISU)
    assert hidden.ref.encode() not in sign_in(Role.ISU_OFFICER, "ISU").get(FILE).get_data()
    assert hidden.ref.encode() not in visitor.get(FILE).get_data()


@pytest.fixture
def run(app, tmp_path):
    """`run("--donor", "NOR")` gives (result, the file)."""
    def go(*options: str):
        db.session.rollback()
        out = tmp_path / "out.xml"
        return app.test_cli_runner().invoke(args=["exchange", "export", "iati", "--output", str(out), *options]), out
    return go


def test_the_command_writes_what_is_asked_for(app, make, run):
    make.pledge("NOR", is_demo=True)
    done, out = run("--donor", "nor")
    assert done.exit_code == 0 and "Left out: 1 records of the demonstration" in done.output
    count = len(etree.fromstring(out.read_bytes()).findall("iati-activity"))
    done, out = run("--donor", "NOR", "--with-demo")
    assert len(etree.fromstring(out.read_bytes()).findall("iati-activity")) == count + 1
    out.unlink()
    done, out = run("--since", (date.today() + timedelta(3)).isoformat())
    assert done.exit_code == 0 and not out.exists() and "Nothing to publish" in done.output
    assert run("--donor", "NOBODY")[0].exit_code == 2 and run("--since", "yesterday")[0].exit_code == 2
    assert list(out.parent.iterdir()) == []


@pytest.mark.parametrize(("name", "value"), [("ORG", "a b"), ("ORG", "a&b"), ("TYPE", "government"), ("NAME", "x")])
def test_settings_that_iati_would_refuse_do_not_start_the_platform(name, value):
    with pytest.raises(SettingsError, match=f"PARTNERSHIPS_IATI_{name}"):
        Settings.from_environment({"PARTNERSHIPS_IATI_" + name: value, "PARTNERSHIPS_SECRET_KEY": "x" * 40})
