"""Why a partner is suggested for a need, why another is not, and what would change it; the offers that fit."""

from __future__ import annotations

import re
from datetime import date, timedelta

from partnerships.core.actor import PUBLIC, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus
from partnerships.needs.view import ordinal
from partnerships.parties import service as priorities
from partnerships.suggestions import engine, view


def page(client, need, partner: str) -> str:
    answer = client.get(f"/needs/{need.ref}/why/{partner}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def section(text: str, anchor: str) -> str:
    found = re.search(rf'<section class="section[^"]*" id="{anchor}">(.*?)</section>', text, re.S)
    return found.group(1) if found else ""


def expired(need):
    need.valid_until = date.today() - timedelta(days=1)
    db.session.commit()
    return need


def ranked(need) -> list[str]:
    return [ref for ref, _score in engine.world(PUBLIC).matcher.standing(engine.seen(PUBLIC, need))]


def test_a_suggested_partner_with_its_rank(visitor, make):
    need = make.need("KHM")
    order = ranked(need)
    text = page(visitor, need, order[2])
    assert f"3rd of {len(order)} partners" in text and "not suggested?</h1>" not in text
    assert "The strongest reasons" in text and "Weights version" in text
    assert not section(text, "short") and not section(text, "changes") and "/weights/" not in text


def test_a_partner_further_down_with_what_it_lacks(visitor, make):
    need = make.need("KHM")
    order = ranked(need)
    assert len(order) > 15
    text = page(visitor, need, order[14])
    found = view.standing(PUBLIC, need, make.party(order[14]))
    assert f"15th of {len(order)} partners" in text and f"lacks {found.to_go:.1f} points to the tenth" in text
    table = section(text, "short")
    assert "<caption" in table and "Mean of the ten suggested" in table
    for term, own, usual in found.short:
        row = table.split(f'<th scope="row">{term}</th>')[1].split("</tr>")[0]
        assert f">{own:.1f}<" in row and f">{usual:.1f}<" in row and usual > own
    assert found.short and "What speaks for it" in text and "Every reason, with its points" in text


def test_a_partner_that_a_rule_keeps_out(visitor, make):
    need = make.need("KHM")
    make.pledge("JPN", need=need)
    text = page(visitor, need, "JPN")
    assert "Why is Japan not suggested?" in text and "It already supports this need." in section(text, "rules")
    assert "Score, the sum" not in text and "partners that have something in common" not in text
    assert "register holds nothing" in section(page(visitor, need, "AND"), "rules")
    assert "register holds nothing" in section(page(visitor, need, "XKX"), "rules")


def test_what_would_change_it_is_for_those_who_can_change_it(app, sign_in, visitor, make):
    need = make.need("KHM")
    ref = ranked(need)[14]
    priorities.state_priorities(make.actor(Role.DONOR_OFFICER, ref), make.party(ref), {"multi_year": True})
    db.session.commit()
    with app.test_request_context():
        (change,) = view.standing(PUBLIC, need, make.party(ref)).changes
    assert "over several years" in change.sentence and 1 < change.rank < 15
    for client in (sign_in(Role.FOCAL_POINT, "KHM"), sign_in(Role.ISU_OFFICER)):
        found = section(page(client, need, ref), "changes")
        assert f"{change.sentence} This adds {change.gain:.1f} points: it would be {ordinal(change.rank)}." in found
        assert found.count("<li>") == 1
    for client in (visitor, sign_in(Role.FOCAL_POINT, "AGO"), sign_in(Role.DONOR_OFFICER, ref), sign_in(Role.COMMITTEE_MEMBER)):
        assert not section(page(client, need, ref), "changes")


def test_an_expired_need_can_be_renewed_a_donor_that_gives_already_cannot_be_won(sign_in, make):
    need = expired(make.need("KHM"))
    client = sign_in(Role.FOCAL_POINT, "KHM")
    text = page(client, need, "JPN")
    assert "past its valid-until date" in section(text, "rules") and "Renew the need" in section(text, "changes")
    other = make.need("KHM")
    make.pledge("JPN", need=other)
    assert not section(page(client, other, "JPN"), "changes")


def test_a_draft_can_be_asked_about_by_its_own_people_only(sign_in, visitor, make):
    need = make.need("KHM", NeedStatus.DRAFT)
    assert "1st of" in page(sign_in(Role.FOCAL_POINT, "KHM"), need, ranked(need)[0])
    for url in (f"/needs/{need.ref}/why/JPN", f"/needs/{need.ref}/why?partner=JPN"):
        assert visitor.get(url).status_code == 404


def test_asking_from_the_need_page(visitor, make):
    need = make.need("KHM")
    text = visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    form = text.split(f'action="/needs/{need.ref}/why"')[1].split("</form>")[0]
    assert '<option value="AUT">Austria</option>' in form and 'value="KHM"' not in form
    answer = visitor.get(f"/needs/{need.ref}/why?partner=AUT")
    assert answer.status_code == 303 and answer.location == f"/needs/{need.ref}/why/AUT"
    assert visitor.get(f"/needs/{need.ref}/why?partner=").location == f"/needs/{need.ref}#partners"
    for odd in ("NOWHERE", "a/b", "../x", "%00"):
        assert visitor.get(f"/needs/{need.ref}/why?partner={odd}", follow_redirects=True).status_code == 404
    closed = make.need("KHM", NeedStatus.WITHDRAWN)
    assert "ask-partner" not in visitor.get(f"/needs/{closed.ref}").get_data(as_text=True)


def test_standing_offers_that_fit_with_reasons(visitor, sign_in, make):
    need = make.need("KHM")
    assert not section(visitor.get(f"/needs/{need.ref}").get_data(as_text=True), "offers")
    fits = [make.offer(ref) for ref in ("NOR", "JPN", "AUT", "CHE")]
    hidden = make.offer("DEU", visibility=Visibility.ISU)
    other = make.offer("CAN", themes=("victim-assistance",), kinds=("equipment",), regions=("002",),
                       title="Prostheses", summary="Orthopaedic workshops.")
    text = section(visitor.get(f"/needs/{need.ref}").get_data(as_text=True), "offers")
    shown = re.findall(r'<span class="ref">(\S+)</span>', text)
    assert len(shown) == 3 and set(shown) < {one.ref for one in fits} and hidden.ref not in text and other.ref not in text
    assert text.count("names survey and clearance; money; Asia") == 3 and "points with this offer alone" in text
    isu = section(sign_in(Role.ISU_OFFICER).get(f"/needs/{need.ref}").get_data(as_text=True), "offers")
    assert len(re.findall(r'<span class="ref">', isu)) == 3
    past = expired(make.need("KHM"))
    assert not section(visitor.get(f"/needs/{past.ref}").get_data(as_text=True), "offers")


def test_ranks_as_people_say_them(app):
    with app.test_request_context():
        said = [ordinal(number) for number in (1, 2, 3, 4, 10, 11, 12, 13, 21, 101, 111, 122)]
    assert said == ["1st", "2nd", "3rd", "4th", "10th", "11th", "12th", "13th", "21st", "101st", "111th", "122nd"]
