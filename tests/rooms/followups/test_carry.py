"""A follow-up is put off until its day, or given to somebody else: with words, on the record, out of every queue meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.followups import queries, service
from partnerships.followups.models import Followup

TODAY = date.today()


def text(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.get_data(as_text=True)


def kept(number: int) -> Followup:
    db.session.expire_all()
    return db.session.get_one(Followup, number)


def version(number: int) -> str:
    return str(kept(number).version)


def test_put_off_until_its_day_it_is_on_no_desk_and_comes_back_by_itself(make, sign_in):
    number = make.followup(owner="NOR", due_on=TODAY - timedelta(days=3)).id
    norway, isu = sign_in(Role.DONOR_OFFICER, "NOR"), sign_in(Role.ISU_OFFICER)
    url, words = f"/followups/{number}", "Send the updated work plan"
    assert words in text(norway, "/desk/") and "One follow-up is overdue" in text(isu, "/desk/")
    for data, said in (({"until": "", "note": "x"}, "Say on which day"), ({"until": str(TODAY), "note": "x"}, "a day after today"),
                       ({"until": str(TODAY + timedelta(days=9)), "note": " "}, "Say why"),
                       ({"until": str(TODAY + timedelta(days=400)), "note": "x"}, "within a year")):
        refused = norway.post(f"{url}/snooze", data=data)
        assert refused.status_code == 422 and said in refused.get_data(as_text=True)
    day = TODAY + timedelta(days=9)
    for _click in range(2):
        answer = norway.post(f"{url}/snooze", data={"until": str(day), "note": "Parliament sits until then."})
        assert answer.status_code == 303
    page = text(norway, url)
    assert page.count("Follow-up put off") == 1 and "Parliament sits until then." in page and "Bring it back now" in page
    for client, list_ in ((norway, "/desk/"), (norway, "/followups/"), (isu, "/desk/"), (isu, "/followups/")):
        assert words not in text(client, list_).split('id="suggested"')[0], list_
    assert "follow-up is overdue" not in text(isu, "/desk/")
    assert words in text(norway, "/followups/?status=snoozed") and words in text(isu, "/desk/all")
    kept(number).snoozed_until = TODAY
    db.session.commit()
    assert words in text(norway, "/desk/") and words in text(isu, "/followups/")
    assert queries.overdue(make.actor(Role.ISU_OFFICER), TODAY)[0] == 1
    kept(number).snoozed_until = day
    db.session.commit()
    assert norway.post(f"{url}/wake").status_code == 303
    assert kept(number).snoozed_until is None and "Follow-up brought back" in text(isu, url)
    service.snooze(kept(number), make.actor(Role.ISU_OFFICER), until=day, note="Wait", today=TODAY)
    db.session.commit()
    assert norway.post(f"{url}/resolve/done", data={"note": "Sent."}).status_code == 303
    assert kept(number).snoozed_until is None
    assert norway.post(f"{url}/snooze", data={"until": str(day), "note": "x"}).status_code == 422


def test_given_to_somebody_else_with_a_word_why(make, sign_in):
    followup = make.followup(owner="NOR")
    number, url = followup.id, f"/followups/{followup.id}"
    colleague, stranger = make.account(Role.DONOR_OFFICER, "NOR"), make.account(Role.DONOR_OFFICER, "JPN")
    names, colleague_id, stranger_id = (colleague.name, stranger.name), colleague.id, stranger.id
    norway, isu = sign_in(Role.DONOR_OFFICER, "NOR"), sign_in(Role.ISU_OFFICER)
    page = text(norway, url)
    assert f'value="{colleague_id}"' in page and f'value="{stranger_id}"' not in page  # nobody learns who signs in for others
    for data, said in (({"party": "NOR", "person": str(colleague_id), "note": ""}, "Say why"),
                       ({"party": "JPN", "note": "x"}, "Choose one of the list"),
                       ({"party": "ISU", "person": str(colleague_id), "note": "x"}, "does not belong")):
        refused = norway.post(f"{url}/delegate", data=data)
        assert refused.status_code == 422 and said in refused.get_data(as_text=True)
    data = {"party": "NOR", "person": str(colleague_id), "note": "She knows the ministry.", "version": version(number)}
    assert norway.post(f"{url}/delegate", data=data).status_code == 303
    assert kept(number).owner_id == colleague_id
    page = text(norway, url)
    assert "Follow-up given to somebody else" in page and "She knows the ministry." in page and names[0] in page
    stale = norway.post(f"{url}/delegate", data={**data, "party": "ISU", "person": ""})
    assert stale.status_code == 409 and kept(number).owner_party.ref == "NOR"
    back = norway.post(f"{url}/delegate", data={"party": "ISU", "note": "Not ours.", "version": version(number)})
    assert back.status_code == 303 and back.headers["Location"].endswith("/followups/")
    assert norway.get(url).status_code == 404
    data = {"party": "JPN", "person": str(stranger_id), "note": "They asked.", "version": version(number)}
    assert isu.post(f"{url}/delegate", data=data).status_code == 303
    assert kept(number).owner.name == names[1]
    assert "Send the updated work plan" in text(sign_in(Role.DONOR_OFFICER, "JPN"), "/desk/")


@pytest.mark.parametrize("word", ["snooze", "delegate", "wake"])
def test_only_the_owner_and_the_isu_carry_it(make, sign_in, word):
    followup = make.followup(owner="NOR", meeting=make.meeting("KHM", participants=[make.party("NOR"), make.party("CHE")]))
    data = {"until": str(TODAY + timedelta(days=3)), "party": "CHE", "note": "x"}
    switzerland, japan = sign_in(Role.DONOR_OFFICER, "CHE"), sign_in(Role.DONOR_OFFICER, "JPN")
    assert "Not today, or not you" not in text(switzerland, f"/followups/{followup.id}")
    assert switzerland.post(f"/followups/{followup.id}/{word}", data=data).status_code in (403, 422)
    assert japan.post(f"/followups/{followup.id}/{word}", data=data).status_code == 404
    one = kept(followup.id)
    assert (one.owner_party.ref, one.snoozed_until) == ("NOR", None)


def test_a_match_is_named_only_to_those_who_may_see_it(make, sign_in):
    match = make.match(make.need("KHM"), "NOR")
    meeting = make.meeting("KHM", participants=[make.party("NOR"), make.party("CHE")])
    number = make.followup(owner="NOR", match=match, meeting=meeting).id
    assert "Match with Norway" in text(sign_in(Role.DONOR_OFFICER, "NOR"), f"/followups/{number}")
    assert "Match with" not in text(sign_in(Role.DONOR_OFFICER, "CHE"), f"/followups/{number}")
