"""The guided second part: each step kept, refused with words, and shown to those it is meant for."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.amendments.models import Amendment
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs import content
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from tests.rooms.plans.conftest import CONTEXT, COSTS, PEOPLE, PROGRAMME, SENT, WORK, YEAR


def kept(need: Need) -> content.Content:
    db.session.expire_all()
    return content.snapshot(db.session.get_one(Need, need.id))


def test_all_steps_of_a_draft_one_after_the_other(sign_in, need):
    draft = need(article="6.7", theme="national-capacity")
    client = sign_in(Role.FOCAL_POINT)
    url, seen = f"/plans/{draft.ref}/programme", []
    while url.startswith("/plans/"):
        step = url.rsplit("/", 1)[1]
        seen.append(step)
        answer = client.post(url, data={**client.fields(url), **SENT[step], "go_on": "1"})
        assert answer.status_code == 303
        url = answer.headers["Location"]
    assert seen == ["programme", "work", "people", "costs", "context"] and url == f"/needs/{draft.ref}"
    stored = kept(draft)
    assert stored["work"] == [{"year": YEAR, "area": "Bavel", "contamination": ["ap-mines", "improvised-mines"],
                               "suspected_m2": 1_200_000, "confirmed_m2": 1_200_000, "cancelled_m2": 700_000,
                               "reduced_m2": 300_000, "cleared_m2": 1_200_000}]
    assert stored["people"] == [{"reached": "survivors", "sex": "female", "age": "adults", "disability": "with", "number": 1250}]
    assert [(line["kind"], line["amount"]) for line in stored["costs"]] == [("staff", "600000"), ("equipment", "300000")]
    assert stored["covered"] == [{"by_whom": "Ministry of Finance", "year": YEAR, "amount": "150000", "note": "Vehicles"}]
    assert stored["channels"] == ["bilateral", "ngos"] and stored["plan_url"] == CONTEXT["plan_url"]
    assert [line["part"] for line in stored["programme"]] == ["a", "e"]
    page = client.get(url).get_data(as_text=True)
    for words in ("Work plan by year", "Improvised mines", "2\u202f200\u202f000", "Women and girls", "1\u202f250", "48 deminers",
                  "900\u202f000", "Ministry of Finance", "Non-governmental organisations", "Floods from July",
                  "Who works with whom" if "f" in PROGRAMME else "How large the problem is", "No register of survivors"):
        assert words in page
    assert "After completion" in page and "changed by the State" in page


@pytest.mark.parametrize("step", SENT)
def test_what_is_kept_comes_back_into_the_form_and_saving_it_again_changes_nothing(sign_in, need, step):
    draft = need(article="6.7")
    client, url = sign_in(Role.FOCAL_POINT), f"/plans/{draft.ref}/{step}"
    client.post(url, data={**client.fields(url), **SENT[step], "stop": "1"})
    before = kept(draft)
    answer = client.post(url, data={**client.fields(url), "stop": "1"})
    assert answer.status_code == 303 and answer.headers["Location"] == f"/needs/{draft.ref}"
    assert kept(draft) == before and any(before[key] for key in ("work", "people", "costs", "risks", "programme"))
    assert ": done" in client.get(url).get_data(as_text=True)


def test_figures_are_typed_from_left_to_right_in_every_language(sign_in, need):
    draft = need()
    text = sign_in(Role.FOCAL_POINT).get(f"/plans/{draft.ref}/work?lang=ar").get_data(as_text=True)
    field = re.search(r"<input[^>]*confirmed[^>]*>", text)
    assert field and 'class="figure"' in field.group(0)


def test_the_progress_of_the_steps_is_in_words(sign_in, need):
    draft = need()
    client, url = sign_in(Role.FOCAL_POINT), f"/plans/{draft.ref}/people"
    assert client.get(url).get_data(as_text=True).count(": not yet") == 4
    client.post(url, data={**client.fields(url), **PEOPLE, "go_on": "1"})
    page = client.get(f"/needs/{draft.ref}/edit").get_data(as_text=True)
    assert page.count(": not yet") == 3 and page.count(": done") == 1


BAD = [
    ("work", {"work-0-cleared_m2": "3 km2"}, "more than the"),
    ("work", {"work-0-suspected_m2": "", "work-0-confirmed_m2": ""}, "no more can be released than is there"),
    ("work", {"work-0-year": ""}, "in which year"),
    ("work", {"work-0-year": "soon"}, "four figures"),
    ("work", {"work-0-year": "1850"}, "between 2000 and 2060"),
    ("work", {"work-0-confirmed_m2": "12 acres"}, "with its unit"),
    ("work", {"work-0-confirmed_m2": "0.5"}, "with its unit"),
    ("work", {"work-0-confirmed_m2": "-5"}, "cannot be negative"),
    ("work", {"work-0-confirmed_m2": "9" * 40}, "check the unit"),
    ("work", {"work-0-contamination": ["gold"]}, "Choose from the list"),
    ("work", {"work-0-area": "Ba\u202evel"}, "direction-override"),
    ("people", {"people-0-number": "4"}, "can point to a person"),
    ("people", {"people-0-number": "0"}, "can point to a person"),
    ("people", {"people-0-number": "many"}, "whole number"),
    ("people", {"people-0-number": "9" * 12}, "check the number of zeros"),
    ("people", {"people-0-sex": "other"}, "Choose one of the list"),
    ("people", {"people-1-reached": "survivors", "people-1-sex": "female", "people-1-age": "adults",
                "people-1-disability": "with", "people-1-number": "50"}, "already given above"),
    ("costs", {"costs-0-amount": "700 001"}, "more than the 1\u202f000\u202f000 asked for"),
    ("costs", {"costs-0-year": "2031"}, "asks for no amount in this year"),
    ("costs", {"costs-0-year": "soon"}, "Choose from the list"),
    ("costs", {"costs-0-kind": "bribes"}, "Choose from the list"),
    ("costs", {"costs-1-kind": "staff"}, "already given for the year"),
    ("costs", {"costs-0-amount": "12.345"}, "fewer decimals"),
    ("costs", {"costs-0-amount": ""}, "Give the amount for this"),
    ("costs", {"costs-0-amount": "-1"}, "cannot be negative"),
    ("costs", {"covered-0-by_whom": ""}, "who covers this"),
    ("costs", {"covered-0-amount": ""}, "amount that is covered"),
    ("costs", {"national_note": "x" * 3001}, "at most 3000"),
    ("context", {"plan_url": "javascript:alert(1)"}, "begins with https"),
    ("context", {"plan_url": "https://"}, "begins with https"),
    ("context", {"plan_url": "http://[x"}, "begins with https"),
    ("context", {"plan_year": "99999999999"}, "between 1990 and 2060"),
    ("context", {"channels": ["spies"]}, "Choose from the list"),
    ("context", {"risks": "Floods\x00"}, "control"),
    ("programme", {"a": "x" * 3001}, "at most 3000"),
]


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)  # nothing reaches the database
def test_bad_input_gets_words_keeps_what_was_typed_and_changes_nothing(sign_in, need):
    draft = need(article="6.7")
    client, before = sign_in(Role.FOCAL_POINT), kept(draft)
    token = client.csrf_token()
    for step, change, words in BAD:
        url = f"/plans/{draft.ref}/{step}"
        answer = client.post(url, data={"csrf_token": token, "version": "1", **SENT[step], **change, "go_on": "1"})
        page = answer.get_data(as_text=True)
        assert (answer.status_code, words in page) == (422, True), (step, change, words)
        others = [value for name, value in SENT[step].items() if name not in change and isinstance(value, str) and len(value) > 8]
        assert all(value in page for value in others), (step, change)
        assert kept(draft) == before


def test_one_more_row_without_javascript_keeps_what_was_typed(sign_in, need):
    draft = need()
    client = sign_in(Role.FOCAL_POINT)
    for step, sent, name in (("work", WORK, "work-3-year"), ("people", PEOPLE, "people-4-number"),
                             ("costs", COSTS, "covered-2-by_whom")):
        url = f"/plans/{draft.ref}/{step}"
        assert f'name="{name}"' not in client.get(url).get_data(as_text=True)
        answer = client.post(url, data={**client.fields(url), **sent, "add_row": "1"})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200 and f'name="{name}"' in page
        assert all(f'value="{sent[key]}"' in page for key in sent if key.endswith(("suspected_m2", "number", "by_whom")))
    assert not kept(draft)["work"] and not kept(draft)["people"]


def test_the_costs_say_how_much_of_the_year_they_break_down(sign_in, need):
    draft = need()
    client, url = sign_in(Role.FOCAL_POINT), f"/plans/{draft.ref}/costs"
    client.post(url, data={**client.fields(url), **COSTS, "stop": "1"})
    page = client.get(url).get_data(as_text=True)
    assert "900\u202f000</span> of" in page and "1\u202f000\u202f000\u00a0USD" in page
    sent = {**client.fields(f"/needs/{draft.ref}/edit"), "years-0-amount": "800 000", "save": "1"}
    answer = client.post(f"/needs/{draft.ref}/edit", data=sent)
    assert answer.status_code == 422 and "The cost lines of this year come to 900\u202f000" in answer.get_data(as_text=True)


def test_changing_a_published_need_leaves_it_as_it_is(sign_in, need, visitor):
    published = need(NeedStatus.PUBLISHED)
    client, before = sign_in(Role.FOCAL_POINT), kept(published)
    for step in ("work", "people", "costs", "context"):
        url = f"/plans/{published.ref}/{step}"
        assert "It stays as it is until the ISU has verified the change" in client.get(url).get_data(as_text=True)
        answer = client.post(url, data={**client.fields(url), **SENT[step], "go_on": "1"})
        assert answer.status_code == 303
    assert answer.headers["Location"] == f"/needs/{published.ref}/edit#hand-in"
    assert kept(published) == before
    amendment = db.session.scalars(select(Amendment)).one()
    assert set(content.differing(before, amendment.content)) == {
        "work", "people", "costs", "covered", "national_note", "plan_title", "plan_year", "plan_url", "channels", "risks",
        "gender_analysis", "sustainability"}
    assert "Floods" not in visitor.get(f"/needs/{published.ref}").get_data(as_text=True)


def test_a_change_that_waits_for_verification_is_not_edited(sign_in, need):
    published = need(NeedStatus.PUBLISHED)
    client, url = sign_in(Role.FOCAL_POINT), f"/needs/{published.ref}/edit"
    sent = {**client.fields(url), "title": "Clear more", "note": "More areas", "submit": "1"}
    assert client.post(url, data=sent).status_code == 303
    answer = client.get(f"/plans/{published.ref}/work")
    assert answer.headers["Location"] == f"/needs/{published.ref}"
    assert "take it back before" in client.get(answer.headers["Location"]).get_data(as_text=True)


def test_two_people_at_the_same_step_never_lose_each_others_work(sign_in, need):
    for one_need in (need(), need(NeedStatus.PUBLISHED)):
        one, two, url = sign_in(Role.FOCAL_POINT), sign_in(Role.FOCAL_POINT), f"/plans/{one_need.ref}/context"
        mine, theirs = one.fields(url), two.fields(url)
        assert two.post(url, data={**theirs, "risks": "Their floods", "stop": "1"}).status_code == 303
        answer = one.post(url, data={**mine, "risks": "My floods", "stop": "1"})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 409 and "My floods" in page and "Their floods" in page


def test_parts_for_fewer_people_are_shown_to_them_only(sign_in, need, make, visitor):
    shown = need(amounts_visibility=Visibility.STATES_PARTIES, details_visibility=Visibility.PARTIES)
    state = sign_in(Role.FOCAL_POINT)
    for step in ("work", "people", "costs", "context"):
        url = f"/plans/{shown.ref}/{step}"
        state.post(url, data={**state.fields(url), **SENT[step], "go_on": "1"})
    state.post(f"/needs/{shown.ref}/move/submitted")
    sign_in(Role.ISU_OFFICER).post(f"/needs/{shown.ref}/move/published")
    ref = db.session.get_one(Need, shown.id).ref
    amounts, details = ("48 deminers", "Ministry of Finance", "Premises and salaries"), ("Floods from July", "1\u202f250", "Bavel")
    pages = {"public": visitor, "state party": sign_in(Role.DONOR_OFFICER, "NOR"), "own": state, "isu": sign_in(Role.ISU_OFFICER)}
    seen = {who: client.get(f"/needs/{ref}").get_data(as_text=True) for who, client in pages.items()}
    for who, page in seen.items():
        assert all((words in page) is (who != "public") for words in amounts), who
        assert all((words in page) is (who in ("own", "isu")) for words in details), who
        assert ("shows the work plan, the people and the analysis" in page) is (who in ("public", "state party")), who
        assert "National work plan" in page
    make.match(db.session.get_one(Need, shown.id), "NOR")
    assert "Floods from July" in pages["state party"].get(f"/needs/{ref}").get_data(as_text=True)


def test_who_may_not_open_it(sign_in, need, visitor):
    published, draft = need(NeedStatus.PUBLISHED), need()
    recorded = need(NeedStatus.PUBLISHED)
    db.session.get_one(Need, recorded.id).origin = "recorded"
    db.session.commit()
    own, other, donor = sign_in(Role.FOCAL_POINT), sign_in(Role.FOCAL_POINT, "AGO"), sign_in(Role.DONOR_OFFICER)
    assert visitor.get(f"/plans/{published.ref}/work").status_code == 303
    assert donor.get(f"/plans/{published.ref}/work").status_code == 403
    assert other.get(f"/plans/{published.ref}/work").status_code == 403
    assert other.post(f"/plans/{published.ref}/work", data=WORK).status_code == 403
    assert other.get(f"/plans/{draft.ref}/work").status_code == 404
    assert own.get(f"/plans/{recorded.ref}/work").status_code == 403
    for nowhere in ("programme", "gold", "WORK", "%00"):
        assert own.get(f"/plans/{draft.ref}/{nowhere}").status_code == 404
    for closed in (need(NeedStatus.WITHDRAWN), need(NeedStatus.SUBMITTED)):
        assert own.get(f"/plans/{closed.ref}/work").status_code == 403


@pytest.mark.parametrize("step", SENT)
def test_whatever_a_form_holds_words_answer_it(sign_in, need, step):
    draft = need(article="6.7")
    client, url = sign_in(Role.FOCAL_POINT), f"/plans/{draft.ref}/{step}"
    fields = {**client.fields(url), **SENT[step]}
    fixed = {name: fields[name] for name in ("csrf_token", "version", "once")}
    never = ("x" * 9000, "\x00", "\u202e")
    for value in (*never, "9" * 5000, "-1", "1e400", "\u00b2", "NaN", "<script>alert(1)</script>", " "):
        answer = client.post(url, data={**dict.fromkeys(fields, value), **fixed, "go_on": "1"})
        page = answer.get_data(as_text=True)
        assert answer.status_code in ((422,) if value in never else (303, 409, 422)), value[:9]
        assert "cannot keep this value" not in page and "<script>alert(1)" not in page
    answer = client.post(url, data={**fixed, "version": fields["version"]})
    assert answer.status_code in (303, 409), "a form without its fields"


def test_many_forged_rows_are_no_rows_of_ours(sign_in, need):
    draft = need()
    client, url = sign_in(Role.FOCAL_POINT), f"/plans/{draft.ref}/people"
    forged = {f"people-{number}-number": "" for number in range(300)} | {"people-99999-number": "9", "people-x-number": "9"}
    assert client.post(url, data={**client.fields(url), **forged, **PEOPLE, "go_on": "1"}).status_code == 303
    assert [line["number"] for line in kept(draft)["people"]] == [1250]


def test_a_cost_line_is_taken_away_with_its_amount(sign_in, need):
    draft = need()
    client, url = sign_in(Role.FOCAL_POINT), f"/plans/{draft.ref}/costs"
    client.post(url, data={**client.fields(url), **COSTS, "stop": "1"})
    client.post(url, data={**client.fields(url), "costs-0-amount": "", "costs-0-note": "", "stop": "1"})
    assert [Decimal(line["amount"]) for line in kept(draft)["costs"]] == [300_000]
