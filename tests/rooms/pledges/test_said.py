"""What an announcement may say besides its amount: shares, years, several needs, help in kind."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select

from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.states import NeedStatus
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import Earmarking, InKind, Oda
from tests.rooms.pledges.test_new import WORK_PLAN

PROGRAMME = {**WORK_PLAN, "object": "programme", "recipient": "AGO", "currency": "NOK", "amount": "600 000"}


def _made() -> list[Pledge]:
    db.session.expire_all()
    return list(db.session.scalars(select(Pledge).where(Pledge.source == "").order_by(Pledge.id)))


def _said(sign_in, expected: int = 303, **more: str) -> str:
    """The page after the form was sent: the pledge's own, or the form again."""
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post("/pledges/new", data={**PROGRAMME, **more})
    assert answer.status_code == expected, answer.get_data(as_text=True).partition('id="error-summary-title"')[2][:600]
    return client.get(answer.location).get_data(as_text=True) if expected == 303 else answer.get_data(as_text=True)


def test_all_of_it_is_kept_and_shown(sign_in):
    text = _said(sign_in, **{
        "portions-0-year": "2028", "portions-0-amount": "200 000", "portions-2-year": "2027", "portions-2-amount": "400,000",
        "partners-0-party": "Sweden", "partners-0-share": "150000", "partners-1-party": "jpn", "earmarking": "tight",
        "themes": "victim-assistance", "place": "Moxico", "channel": "un-trust-fund", "oda": "partly",
        "condition": "Subject to parliament"})
    [pledge] = _made()
    assert [(one.year, one.amount) for one in pledge.portions] == [(2027, Decimal(400_000)), (2028, Decimal(200_000))]
    assert [(one.party.ref, one.amount) for one in pledge.partners] == [("SWE", Decimal(150_000)), ("JPN", None)]
    assert (pledge.earmarking, pledge.themes, pledge.place) == (Earmarking.TIGHT, ("victim-assistance",), "Moxico")
    assert (pledge.channel, pledge.oda, pledge.first_year, pledge.last_year) == ("un-trust-fund", Oda.PARTLY, 2027, 2028)
    for words in ("Planned by year", "400\u202f000", "Pledged jointly", "Sweden", "150\u202f000\u00a0NOK", "Tightly earmarked",
                  "Victim assistance", "Moxico", "United Nations Voluntary Trust Fund", "Partly", "Subject to parliament"):
        assert words in text, words


def test_a_share_that_is_not_known_leaves_the_leads_open(sign_in):
    text = _said(sign_in, **{"partners-0-party": "Sweden", "partners-0-share": "150000"})
    assert "450\u202f000\u00a0NOK" in text
    text = _said(sign_in, **{"partners-0-party": "Sweden"})
    assert "450\u202f000" not in text and text.count("not stated") == 2


def test_help_in_kind_is_valued_apart_and_never_counted(sign_in, visitor):
    text = _said(sign_in, kind="in-kind", amount="", in_kind="training", valuation="90 000.50", valuation_currency="EUR")
    [pledge] = _made()
    assert (pledge.amount, pledge.currency, pledge.in_kind) == (None, "", InKind.TRAINING)
    assert (pledge.valuation, pledge.valuation_currency) == (Decimal("90000.5"), "EUR")
    assert "Valued at" in text and "90\u202f000.50\u00a0EUR" in text and "not counted as money" in text
    assert "Payments" not in text and "Where the money stands" not in text and "Paid in full" not in text
    listed = visitor.get("/pledges/?donor=NOR").get_data(as_text=True)
    assert "valued at" in listed and "In kind: Training" in listed and "EUR</h3>" not in listed


def test_several_needs_of_one_state_with_their_parts(make, sign_in, visitor):
    first, second, third = make.need("AGO"), make.need("AGO"), make.need("AGO")
    text = _said(sign_in, object="need", recipient="",
                 need=f"{first.ref}: 200,000, {second.ref.lower()}: 300 000\n{third.ref}")
    [pledge] = _made()
    assert pledge.need_id == first.id and pledge.recipient.ref == "AGO"
    assert [(one.need_id, one.amount) for one in pledge.parts] == [
        (first.id, Decimal(200_000)), (second.id, Decimal(300_000)), (third.id, None)]
    assert "The needs it is for" in text and second.title in text and "300\u202f000\u00a0NOK" in text
    assert pledge.ref in visitor.get(f"/needs/{second.ref}").get_data(as_text=True)


def test_a_part_is_named_only_to_those_who_may_see_its_need(make, sign_in):
    first, second = (make.need("KHM", visibility=Visibility.PARTIES) for _ in range(2))
    make.match(first, "NOR"), make.match(second, "NOR")
    _said(sign_in, object="need", recipient="", need=f"{first.ref}\n{second.ref}", visibility="parties",
          **{"partners-0-party": "Japan"})
    [pledge] = _made()
    url = f"/pledges/{pledge.ref}"
    assert second.ref in sign_in(Role.DONOR_OFFICER).get(url).get_data(as_text=True)
    partner = sign_in(Role.DONOR_OFFICER, "JPN").get(url)
    text = partner.get_data(as_text=True)
    assert partner.status_code == 200 and second.ref not in text and "The needs it is for" not in text


PORTIONS = {"portions-0-year": "2027", "portions-0-amount": "600 000"}


@pytest.mark.parametrize(("typed", "words"), [
    ({**PORTIONS, "portions-0-amount": "500 000"}, "they must be the same"),
    ({**PORTIONS, "portions-0-year": ""}, "Say which year this amount is for."),
    ({**PORTIONS, "portions-0-amount": ""}, "Give the amount of this year."),
    ({**PORTIONS, "portions-0-amount": "-1"}, "cannot be negative"),
    ({**PORTIONS, "portions-0-amount": "0"}, "must be more than zero"),
    ({**PORTIONS, "portions-0-year": "27"}, "Use a year from 1999 to 2060."),
    ({**PORTIONS, "portions-1-year": "2027", "portions-1-amount": "5"}, "This year stands above already."),
    ({**PORTIONS, "portions-0-amount": "599 999.995"}, "fewer decimals"),
    ({"kind": "political", "amount": "", **PORTIONS}, "without an amount has no yearly portions"),
    ({"partners-0-share": "5"}, "Name the party whose share this is."),
    ({"partners-0-party": "Atlantis"}, "No State or organisation is called"),
    ({"partners-0-party": "Norway"}, "the lead is the donor"),
    ({"partners-0-party": "Japan", "partners-1-party": "JPN"}, "named once"),
    ({"partners-0-party": "Japan", "partners-0-share": "600000"}, "leave something of the amount"),
    ({"partners-0-party": "Japan", "partners-0-share": "0"}, "A share must be more than zero."),
    ({"partners-0-party": "Japan", "partners-0-share": "1.005"}, "fewer decimals"),
    ({"kind": "in-kind"}, "A pledge in kind has no amount of money"),
    ({"kind": "in-kind", "amount": "", "valuation": "0"}, "A valuation is more than zero."),
    ({"kind": "in-kind", "amount": "", "valuation": "1.5", "valuation_currency": "JPY"}, "fewer decimals"),
    ({"kind": "in-kind", "amount": "", "valuation": "1.5", "valuation_currency": ""}, "Choose the currency of the valuation."),
    ({"valuation": "5"}, "Only a pledge in kind has a valuation"),
    ({"earmarking": "very"}, "Choose one of the list"), ({"channel": "pigeon"}, "Choose one of the list"),
    ({"themes": "mining"}, "Choose from the list"), ({"oda": "maybe"}, "Not a valid choice"),
])
def test_what_does_not_fit_is_said_beside_its_field(app, sign_in, typed: dict[str, str], words: str):
    text = _said(sign_in, 422, condition="Kept as typed", **typed)
    assert words in text and "Kept as typed" in text and ('aria-invalid="true"' in text or "oda" in typed)
    assert _made() == []


def test_a_closed_part_of_the_form_opens_when_it_holds_a_fault(sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    assert client.get("/pledges/new").get_data(as_text=True).count('<details class="disclosure" open>') == 0
    text = _said(sign_in, 422, **{"partners-0-share": "5"})
    opened = text.split('<details class="disclosure" open>')[1:]
    assert len(opened) == 1 and opened[0].startswith("<summary>Pledged jointly with others")


def test_lists_of_needs_that_cannot_be(make, sign_in):
    first, other, met = make.need("AGO"), make.need("KHM"), make.need("AGO", NeedStatus.MET)
    hidden = make.need("AGO", visibility=Visibility.STATES_PARTIES)
    for typed, words in (
            (f"{first.ref}\n{other.ref}", "needs of one State"), (f"{first.ref}, {first.ref}", "named once"),
            (f"{first.ref}: 5", "leave the part away"), (f"{first.ref}: lots\n{hidden.ref}", "Write the amount in figures"),
            (f"{first.ref}: -5\n{hidden.ref}", "must be more than zero"), (f"{first.ref}\n{met.ref}", "closed, or not published"),
            (f"{first.ref}: 400000\n{hidden.ref}: 400000", "more than the amount together"),
            (f"{first.ref}: 1.005\n{hidden.ref}", "fewer decimals"), (" , \n;", "Give the need&#39;s reference"),
            (f"{first.ref}\n{hidden.ref}", "cannot be seen more widely"), ("x" * 1001, "Use at most 1000 characters")):
        assert words in _said(sign_in, 422, object="need", recipient="", need=typed), typed
    assert _made() == []


def test_more_rows_without_javascript(sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    answer = client.post("/pledges/new", data={**PROGRAMME, **PORTIONS, "add_row": "portions", "condition": "Kept"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and 'name="portions-5-year"' in text and 'value="600 000"' in text and "Kept" in text
    many = {f"portions-{number}-year": "" for number in range(29)}
    text = client.post("/pledges/new", data={**PROGRAMME, **many, "add_row": "portions"}).get_data(as_text=True)
    assert 'name="portions-29-year"' in text and 'name="portions-30-year"' not in text
    assert client.post("/pledges/new", data={**PROGRAMME, "add_row": "nonsense"}).status_code == 200
    assert _made() == []


def test_the_file_holds_each_of_it_in_a_column_of_its_own(make, sign_in, visitor):
    _said(sign_in, kind="in-kind", amount="", in_kind="equipment", valuation="500", valuation_currency="EUR", channel="ngos")
    need, second = make.need("AGO"), make.need("AGO")
    _said(sign_in, object="need", recipient="", need=f"{need.ref}: 500\n{second.ref}", **PORTIONS,
          **{"partners-0-party": "Japan", "partners-0-share": "150000"})
    text = visitor.get("/pledges/?donor=NOR&as=csv").get_data(as_text=True)
    for words in ("Brings in kind", "Valuation, not money", "Equipment", "Non-governmental organisations",
                  f"{need.ref}: 500; {second.ref}", "2027: 600000", "Japan: 150000", "Last update"):
        assert words in text, words
