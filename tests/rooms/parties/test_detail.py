"""One party's page: sections only where there is something, each with its dates, sources and limits."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from partnerships.core.actor import Role
from partnerships.core.db import current_engine, db
from partnerships.core.visibility import Visibility
from partnerships.insight import support
from partnerships.needs.states import NeedStatus, Origin
from partnerships.parties.models import Obligation
from partnerships.pledges import queries as pledges
from partnerships.pledges.models import Contribution


def page(client, ref: str, query: str = "") -> str:
    answer = client.get(f"/parties/{ref}{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def section(text: str, anchor: str) -> str:
    found = re.search(rf'<section class="section" id="{anchor}">(.*?)</section>', text, re.S)
    return found.group(1) if found else ""


def test_unknown_party(visitor):
    assert visitor.get("/parties/XYZ").status_code == 404


@pytest.mark.parametrize(("ref", "words"), [
    ("KHM", "State Party since 1 January 2000"), ("EST", "Withdrew with effect from 27 December 2025"),
    ("USA", "Not a State Party"), ("LAO", "Not a State Party"),
])
def test_standing_in_the_header(visitor, ref, words):
    assert words in page(visitor, ref)


def test_every_kind_of_party_has_a_page(visitor):
    assert "United Nations entity" in page(visitor, "UNDP")
    area = page(visitor, "XKX")
    assert "implies no position" in area and "State Party since" not in area
    plain = page(visitor, "AND")
    for anchor in ("needs", "support", "given", "priorities", "fitting", "facts", "obligations", "meetings"):
        assert not section(plain, anchor), anchor
    assert section(plain, "acts") and section(plain, "timeline")


def test_support_by_year_with_its_limits(visitor):
    text = section(page(visitor, "KHM"), "support")
    assert "complete for 2009–2010, 2012, 2014, 2017" in text and "2013 nothing is on record" in text
    assert 'href="http' in text and 'rel="noreferrer"' in text and "Landmine Monitor" in text
    assert text.count("<rect class=\"col series-") > 20 and "67 contributions on record" in text


def test_a_year_with_one_donor_is_a_warning_only_where_the_list_is_complete(app, make, visitor):
    norway, sweden = make.party("NOR"), make.party("SWE")
    andorra = make.party("AND")
    given = ((norway, 2015, True), (norway, 2016, False), (norway, 2017, True), (sweden, 2017, True))
    for donor, year, complete in given:
        db.session.add(Contribution(year=year, donor=donor, recipient=andorra, sector="Clearance", amount_usd=1000,
                                    list_complete=complete, source="https://example.org/"))
    db.session.commit()
    with app.test_request_context():
        found = support.received(andorra, pledges.received(andorra))
    assert [(year, donor.ref) for year, donor in found.single] == [(2015, "NOR")]
    assert (found.complete, found.partial, found.missing, found.unstated) == ("2015, 2017", "2016", "", 0)
    text = section(page(visitor, "AND"), "support")
    assert "2015 (" in text and "2016 (" not in text and "2017 (" not in text


@pytest.mark.parametrize(("years", "words"), [
    ([], ""), ([2009], "2009"), ([2010, 2009, 2010], "2009–2010"), ([2009, 2011, 2012, 2014], "2009, 2011–2012, 2014")])
def test_years_in_words(years, words):
    assert support.spans(years) == words


def test_given_by_year_and_recipient(visitor):
    text = section(page(visitor, "NOR"), "given")
    assert "63 contributions on record" in text and "Compiled from the profiles of the recipients" in text
    assert "Iraq" in text and "2013 nothing is on record" in text


def test_totals_that_the_source_states(visitor):
    text = section(page(visitor, "AUS"), "given")
    assert "Yearly totals as the source states them" in text and "45\u202f707\u202f561" in text
    assert "are not added to them" in text


def test_deadlines_in_words_and_on_an_axis(app, make, visitor):
    ahead = date.today() + timedelta(days=800)
    db.session.add(Obligation(party_id=make.party("KHM").id, article="5", line=9, kind="clearance-deadline",
                              title="A later deadline", deadline=ahead, status="open", as_of=date.today(),
                              source="Decision of a meeting"))
    db.session.commit()
    text = page(visitor, "KHM")
    duties = section(text, "obligations")
    assert "2 years left" in text.split("</dl>")[0] and "Next deadline on record" in text
    assert duties.count('<circle class="term-down"') == 2 and duties.count('<circle class="term-up"') == 1
    assert "Superseded by a later decision" in duties and "no date in the source" in duties
    assert "Decision of a meeting" in duties and "years ago" in duties
    assert "<circle" not in section(page(visitor, "AFG"), "obligations")


def test_extensions_lead_from_one_deadline_to_the_next(app, make, visitor):
    party = make.party("KHM")
    for article, kind in (("5", "clearance-deadline"), ("4", "stockpile-deadline")):
        db.session.add(Obligation(party_id=party.id, article=article, line=9, kind=kind, title="A later deadline",
                                  deadline=date.today() + timedelta(days=800), status="open", as_of=date.today(),
                                  source="A decision"))
    db.session.commit()
    duties = section(page(visitor, "KHM"), "obligations")
    assert duties.count('class="term-span"') == 1 and duties.count('class="term-span term-span-ahead"') == 1
    assert "+ 10 years" in duties and "extends No. 1 by 10 years" in duties and "extends No. 2 by" in duties
    assert duties.count("extends No.") == 2, "the deadline of another article extends none"
    for number in re.findall(r'href="#obligation-(\d+)"', duties):
        assert f'id="obligation-{number}"' in duties
    assert "line leads from" not in section(page(visitor, "MOZ"), "obligations")


def test_facts_carry_their_year(visitor):
    facts = section(page(visitor, "KHM"), "facts")
    assert "Casualties" in facts and "1 January 2020" in facts and "not the situation of today" in facts
    assert re.search(r'<th scope="row">2016</th>', facts)


def test_needs_in_their_groups(visitor, sign_in, make):
    opened = make.need("KHM", title="Open need")
    draft = make.need("KHM", NeedStatus.DRAFT, title="Our draft")
    closed = make.need("KHM", NeedStatus.MET, title="Met need")
    recorded = make.need("KHM", title="A recorded need", valid_until=date.today() + timedelta(days=30))
    recorded.origin = Origin.RECORDED
    db.session.commit()
    public = section(page(visitor, "KHM"), "needs")
    before, _summary, after = public.partition("<summary>")
    assert opened.ref in before and closed.ref in after and recorded.ref in after
    assert draft.ref not in public and "From a public document" in after
    own = section(page(sign_in(Role.FOCAL_POINT, "KHM"), "KHM"), "needs")
    assert draft.ref in own and "Not published yet" in own
    assert draft.ref not in page(sign_in(Role.FOCAL_POINT, "AGO"), "KHM")
    assert draft.ref not in page(sign_in(Role.ISU_OFFICER), "KHM")


def test_the_primary_action_is_the_readers(visitor, sign_in):
    focal = sign_in(Role.FOCAL_POINT, "KHM")
    assert 'button-primary" href="/needs/new"' in page(focal, "KHM")
    assert 'href="/needs/new"' not in page(focal, "AGO")
    donor = sign_in(Role.DONOR_OFFICER, "NOR")
    assert 'button-primary" href="/offers/new"' in page(donor, "NOR") and "State priorities" in page(donor, "NOR")
    assert 'href="/offers/new"' not in page(visitor, "NOR")


def test_needs_that_fit_with_reasons(visitor, make):
    need = make.need("KHM")
    make.need("KHM", visibility=Visibility.STATES_PARTIES, title="Not for everybody")
    fitting = section(page(visitor, "NOR"), "fitting")
    assert need.ref in fitting and "Gave to Cambodia" in fitting and f"/needs/{need.ref}/why/NOR" in fitting
    assert "Not for everybody" not in fitting
    assert not section(page(visitor, "KHM"), "fitting")


def test_pledges_on_both_pages(visitor, make):
    need = make.need("KHM")
    pledge = make.pledge("NOR", need=need)
    hidden = make.pledge("NOR", need=need, visibility=Visibility.PARTIES)
    for ref, anchor in (("KHM", "support"), ("NOR", "given")):
        text = section(page(visitor, ref), anchor)
        assert pledge.ref in text and hidden.ref not in text and "Announced" in text


def test_country_meetings_within_sight(visitor, sign_in, make):
    open_one = make.meeting("KHM", visibility=Visibility.PUBLIC)
    closed_one = make.meeting("KHM")
    assert open_one.ref in section(page(visitor, "KHM"), "meetings")
    assert closed_one.ref not in page(visitor, "KHM")
    assert closed_one.ref in section(page(sign_in(Role.FOCAL_POINT, "KHM"), "KHM"), "meetings")
    assert "IA-BIH-2020" in section(page(visitor, "BIH"), "meetings")


def test_timeline_and_its_filter(visitor, make):
    need, offer = make.need("KHM"), make.offer("KHM")
    assert need.ref in page(visitor, "KHM") and f"Offer {offer.ref} posted" in page(visitor, "KHM")
    only = section(page(visitor, "KHM", "?kind=offer"), "timeline")
    assert offer.ref in only and need.ref not in only
    assert "Nothing of this kind" in page(visitor, "KHM", "?kind=match")


def test_right_to_left_mirrors_the_axis(visitor):
    def first(text: str) -> float:
        return float(re.search(r'<circle class="term-down" cx="([\d.]+)"', text).group(1))  # type: ignore[union-attr]

    assert round(first(page(visitor, "KHM")) + first(page(visitor, "KHM", "?lang=ar")), 1) == 720


def test_a_fixed_number_of_queries(visitor, make):
    def more() -> None:
        make.pledge("JPN", need=make.need("KHM"))
        make.need("AGO")
        make.offer("KHM")
        make.meeting("KHM", visibility=Visibility.PUBLIC)

    more()
    page(visitor, "KHM")  # contributions and lists of words are kept for all pages, and read once
    more()
    counted: list[str] = []
    event.listen(current_engine(), "before_cursor_execute", lambda *args: counted.append(args[2]))
    page(visitor, "KHM")
    few = len(counted)
    for _number in range(3):
        more()
    counted.clear()
    page(visitor, "KHM")
    # Half of them fit the engine anew, since something was recorded; five look for States that could share experience.
    assert len(counted) == few <= 63
