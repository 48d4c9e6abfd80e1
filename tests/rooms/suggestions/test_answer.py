"""What people answer to suggestions: relevant, not relevant and why, taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs import service as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties import service as parties
from partnerships.suggestions.models import Answer, Reason, Verdict

NO = {"verdict": "not-relevant", "reason": "timing"}


@pytest.fixture
def need(make):
    """A need that fits Norway and Japan."""
    make.offer("NOR")
    make.offer("JPN")
    return make.need("KHM")


def answers() -> list[Answer]:
    return list(db.session.scalars(select(Answer).order_by(Answer.id)))


def fits(client, ref: str) -> bool:
    return f'record-split" id="{ref}"' in client.get("/suggestions/").get_data(as_text=True)


def test_not_relevant_sets_it_aside_for_the_own_party_only(need, sign_in):
    client, colleague, other = sign_in(Role.DONOR_OFFICER), sign_in(Role.DONOR_OFFICER), sign_in(Role.DONOR_OFFICER, "JPN")
    assert fits(client, need.ref)
    answer = client.post(f"/suggestions/{need.ref}/answer", data={**NO, "note": "Next year.", "back": "/suggestions/?off=1"})
    assert answer.status_code == 303 and answer.location == "/suggestions/?off=1"
    kept = answers()[0]
    assert (kept.verdict, kept.reason, kept.note, kept.party.ref) == (Verdict.NOT_RELEVANT, Reason.TIMING, "Next year.", "NOR")
    for one in (client, colleague):
        text = one.get("/suggestions/").get_data(as_text=True)
        assert f'record-split" id="{need.ref}"' not in text
        assert "Set aside by Norway" in text and "Not at this time" in text and "Bring back" in text and "Next year." in text
    assert fits(other, need.ref) and "Set aside by" not in other.get("/suggestions/").get_data(as_text=True)
    for one in (other, sign_in(Role.FOCAL_POINT)):  # visible to all others, and nobody else reads the answer
        text = one.get(f"/needs/{need.ref}").get_data(as_text=True)
        assert "Norway" in text and "Suggestion answered" not in text and "Next year." not in text


def test_the_own_party_and_the_isu_read_the_answer_on_the_record(need, sign_in):
    sign_in(Role.DONOR_OFFICER).post(f"/suggestions/{need.ref}/answer", data={**NO, "note": "Next year."})
    for one in (sign_in(Role.DONOR_OFFICER), sign_in(Role.ISU_OFFICER)):
        for where in (f"/needs/{need.ref}", "/parties/NOR"):
            text = one.get(where).get_data(as_text=True)
            assert "Suggestion answered" in text and "Not relevant" in text and "Next year." in text, where


def test_a_reason_is_asked_for_and_the_note_is_kept(need, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post(f"/suggestions/{need.ref}/answer", data={
        "verdict": "not-relevant", "note": "Our programme ends.", "back": "/suggestions/?off=1"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Choose why it is not relevant." in text
    assert "Our programme ends." in text and 'value="/suggestions/?off=1"' in text and not answers()


@pytest.mark.parametrize(("data", "words"), [
    ({}, "Say whether this need fits you."),
    ({"verdict": "perhaps"}, "Does this need fit you?:"),
    ({"verdict": "not-relevant", "reason": "weather"}, "Choose one of the list."),
    ({**NO, "note": "x" * 501}, "Use at most 500 characters"),
    ({**NO, "note": "a\u202eb"}, "marks that cannot be shown"),
])
def test_bad_input_gets_words(need, sign_in, data, words):
    answer = sign_in(Role.DONOR_OFFICER).post(f"/suggestions/{need.ref}/answer", data=data)
    assert answer.status_code == 422 and words in answer.get_data(as_text=True) and not answers()


def test_relevant_is_kept_shown_and_taken_back(need, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    client.post(f"/suggestions/{need.ref}/answer", data={"verdict": "relevant", "reason": "timing"})
    assert (answers()[0].verdict, answers()[0].reason) == (Verdict.RELEVANT, "")
    assert "You called it relevant on" in client.get("/suggestions/").get_data(as_text=True)
    assert "checked" in client.get(f"/suggestions/{need.ref}/answer").get_data(as_text=True)
    assert client.post(f"/suggestions/{need.ref}/answer/withdraw", data={"back": "/desk/"}).location == "/desk/"
    assert not answers()
    assert "You called it relevant on" not in client.get("/suggestions/").get_data(as_text=True)


def test_one_answer_a_person_and_the_last_counts(need, make, sign_in):
    client = sign_in(make.account(Role.DONOR_OFFICER))
    url = f"/suggestions/{need.ref}/answer"
    client.post(url, data={"verdict": "relevant"})
    client.post(url, data=NO)
    client.post(url, data={**NO, "reason": "size"})
    assert [(one.verdict, one.reason) for one in answers()] == [(Verdict.NOT_RELEVANT, "size")]
    again = client.post(url, data={**NO, "reason": "size"}, follow_redirects=True)
    assert "This was already done." in again.get_data(as_text=True)
    timeline = client.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert timeline.count("Suggestion answered") == 3


@pytest.mark.parametrize("way", ["withdraw", "relevant"])
def test_a_colleague_brings_it_back(need, sign_in, way):
    client, colleague = sign_in(Role.DONOR_OFFICER), sign_in(Role.DONOR_OFFICER)
    client.post(f"/suggestions/{need.ref}/answer", data=NO)
    assert not fits(colleague, need.ref)
    if way == "withdraw":
        colleague.post(f"/suggestions/{need.ref}/answer/withdraw")
        assert not answers()
    else:
        colleague.post(f"/suggestions/{need.ref}/answer", data={"verdict": "relevant"})
        assert [one.verdict for one in answers()] == [Verdict.RELEVANT]
    assert fits(client, need.ref) and fits(colleague, need.ref)
    text = sign_in(Role.ISU_OFFICER).get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "Suggestion answered" in text and ("taken back" in text) is (way == "withdraw")


def test_a_colleagues_relevant_answer_is_not_touched(need, sign_in):
    client, colleague = sign_in(Role.DONOR_OFFICER), sign_in(Role.DONOR_OFFICER)
    colleague.post(f"/suggestions/{need.ref}/answer", data={"verdict": "relevant"})
    client.post(f"/suggestions/{need.ref}/answer", data=NO)
    client.post(f"/suggestions/{need.ref}/answer/withdraw")
    assert [one.verdict for one in answers()] == [Verdict.RELEVANT]
    again = client.post(f"/suggestions/{need.ref}/answer/withdraw", follow_redirects=True)
    assert "This was already done." in again.get_data(as_text=True)


def test_it_comes_back_when_the_need_changes(need, make, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    client.post(f"/suggestions/{need.ref}/answer", data=NO)
    assert not fits(client, need.ref)
    changed = db.session.get_one(Need, need.id)
    needs.change(changed, make.actor(), {"place": "Pursat"}, [
        (row.first_year, row.last_year, row.amount, row.national_share) for row in changed.amounts])
    db.session.commit()
    assert fits(client, need.ref)
    text = client.get("/suggestions/").get_data(as_text=True)
    assert "It, or your priorities, changed since." in text and "Set aside by" not in text
    client.post(f"/suggestions/{need.ref}/answer", data=NO)  # the same again, of the need as it is now
    assert not fits(client, need.ref)


def test_it_comes_back_when_the_priorities_change(need, make, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    client.post(f"/suggestions/{need.ref}/answer", data=NO)
    parties.state_priorities(make.actor(Role.DONOR_OFFICER), make.party("NOR"), {"themes": ("survey-clearance",)})
    db.session.commit()
    assert fits(client, need.ref)


def test_another_partys_answer_can_neither_be_seen_nor_withdrawn(need, sign_in):
    sign_in(Role.DONOR_OFFICER).post(f"/suggestions/{need.ref}/answer", data={**NO, "note": "Only ours."})
    other = sign_in(Role.DONOR_OFFICER, "JPN")
    for where in (f"/suggestions/{need.ref}/answer", "/suggestions/", f"/needs/{need.ref}", "/parties/NOR"):
        assert "Only ours." not in other.get(where).get_data(as_text=True)
    other.post(f"/suggestions/{need.ref}/answer/withdraw")
    assert len(answers()) == 1


def test_who_may_not(make, sign_in, visitor):
    need, hidden = make.need("KHM"), make.need("KHM", visibility=Visibility.PARTIES)
    closed, draft = make.need("KHM", NeedStatus.MET), make.need("KHM", NeedStatus.DRAFT)
    url = f"/suggestions/{need.ref}/answer"
    assert "/accounts/sign-in" in visitor.get(url).location
    for role in (Role.ISU_OFFICER, Role.COMMITTEE_MEMBER):
        assert sign_in(role).post(url, data=NO).status_code == 403
    focal, donor = sign_in(Role.FOCAL_POINT), sign_in(Role.DONOR_OFFICER)
    assert focal.get(url).status_code == focal.post(url, data=NO).status_code == 403  # its own need
    for one, code in ((hidden, 404), (draft, 404), (closed, 403)):
        assert donor.post(f"/suggestions/{one.ref}/answer", data=NO).status_code == code
        assert donor.get(f"/suggestions/{one.ref}/answer").status_code == code
    assert donor.post(f"/suggestions/{hidden.ref}/answer/withdraw").status_code == 404
    assert sign_in(Role.FOCAL_POINT, "AGO").get(url).status_code == 200  # a State can be a partner of another
    assert not answers()


def test_it_leads_nowhere_else(need, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        assert client.post(f"/suggestions/{need.ref}/answer", data={**NO, "back": back}).location == "/suggestions/"
    assert 'value="/desk/"' in client.get(f"/suggestions/{need.ref}/answer?back=/desk/").get_data(as_text=True)
