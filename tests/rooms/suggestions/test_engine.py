"""The engine's way into the register: what is new is matched at once, what is hidden leaves no trace."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from partnerships.core import money
from partnerships.core.actor import PUBLIC, SYSTEM, Role
from partnerships.core.db import db, utcnow
from partnerships.core.visibility import Visibility
from partnerships.matches import service as matches
from partnerships.matching import Blocked, Suggestion
from partnerships.matching.storage import CURRENT
from partnerships.suggestions import engine, kept, store, upkeep
from partnerships.suggestions.models import EngineLanguage


def shelf():
    """The store of the test's database."""
    (found,) = engine._stores.values()
    return found


def refit():
    """Refit as a command or the background does it, in its own transactions."""
    db.session.commit()
    return kept.refit()


def told(actor, make, party="NOR"):
    """What a reader is shown for a partner, to the last fact."""
    fitting = engine.needs_for(actor, make.party(party), limit=20)
    return [found for found, _need in fitting.found], fitting.held_back


def test_a_new_need_is_matched_at_once_without_laying_out_anew(make):
    make.need("KHM")
    engine.world(PUBLIC)
    base = shelf().base
    fresh = make.need("LAO", title="Clear cassava fields in the south")
    assert fresh.ref in {found.need for found in told(PUBLIC, make)[0]}
    assert shelf().base is base
    version = engine.world(PUBLIC).matcher.version
    by_delta = told(PUBLIC, make), engine.partners_for(PUBLIC, fresh), engine.similar(PUBLIC, fresh)
    engine.forget()
    assert (told(PUBLIC, make), engine.partners_for(PUBLIC, fresh), engine.similar(PUBLIC, fresh)) == by_delta
    assert engine.world(PUBLIC).matcher.version == version
    assert shelf().base is not base


def test_a_need_that_closes_is_gone_at_once(make):
    from partnerships.needs import service

    need, other = make.need("KHM"), make.need("LAO")
    assert {found.need for found in told(PUBLIC, make)[0]} == {need.ref, other.ref}
    service.move(need, "withdrawn", SYSTEM, "No longer needed.")
    db.session.commit()
    assert {found.need for found in told(PUBLIC, make)[0]} == {other.ref}
    assert need.ref not in {one.ref for one, _likeness in engine.similar(PUBLIC, other)}


def test_many_new_needs_are_laid_out_as_a_base_and_answer_alike(make, monkeypatch):
    make.need("KHM")
    engine.world(PUBLIC)
    base = shelf().base
    for state in ("LAO", "COL", "AGO", "TCD") * 3:
        make.need(state)
    before = told(PUBLIC, make)
    assert shelf().base is not base
    monkeypatch.setattr(store, "DELTA_SHARE", 1.0)
    engine.forget()
    assert told(PUBLIC, make) == before


def test_what_a_reader_may_not_see_leaves_no_trace(make):
    """Needs, pledges, priorities and answers out of sight change nothing that is shown, to the last digit."""
    need = make.need("KHM")
    make.need("LAO")
    make.offer("NOR")
    before = told(PUBLIC, make), engine.partners_for(PUBLIC, need, limit=50), engine.similar(PUBLIC, need, limit=50)
    hidden = make.need("LAO", visibility=Visibility.STATES_PARTIES, title="Clear confirmed hazardous areas, cassava")
    make.need("COL", visibility=Visibility.ISU, summary="Clearance of confirmed hazardous areas near villages.")
    make.pledge("JPN", need=need, visibility=Visibility.PARTIES, amount=Decimal(700_000))
    make.offer("NOR", visibility=Visibility.STATES_PARTIES, summary="Clearance of confirmed hazardous areas.")
    matches.move(make.match(need, "NOR"), "declined", make.actor(Role.DONOR_OFFICER, "NOR"), "Not this year.")
    db.session.commit()
    after = told(PUBLIC, make), engine.partners_for(PUBLIC, need, limit=50), engine.similar(PUBLIC, need, limit=50)
    assert after == before
    party = make.actor(Role.FOCAL_POINT, "LAO")
    assert hidden.ref in {found.need for found in told(party, make, "JPN")[0]}
    engine.forget()
    assert (told(PUBLIC, make), engine.partners_for(PUBLIC, need, limit=50),
            engine.similar(PUBLIC, need, limit=50)) == before


def test_a_declined_pair_stays_away_until_something_changes(make):
    need, norway = make.need("KHM"), make.actor(Role.DONOR_OFFICER, "NOR")
    matches.move(make.match(need, "NOR"), "declined", norway, "Not this year.")
    db.session.commit()
    party = make.party("NOR")
    assert engine.answer(norway, need, party) == Blocked(need.ref, "NOR", ("declined",))
    assert engine.answer(SYSTEM, need, party) == Blocked(need.ref, "NOR", ("declined",))
    assert need.ref not in {found.need for found in told(norway, make)[0]}
    assert isinstance(engine.answer(PUBLIC, need, party), Suggestion)  # who may not know of the match sees no gap
    need.updated_at = utcnow() + timedelta(seconds=1)  # as every change of it does
    db.session.commit()
    engine.forget()
    assert isinstance(engine.answer(norway, need, party), Suggestion)


def test_a_refit_reads_public_texts_only_and_serves_everywhere(make):
    public = make.need("KHM", title="Cassava fields of the north")
    make.need("KHM", title="Zebrawood", visibility=Visibility.ISU)
    before = engine.world(PUBLIC).matcher.version
    assert kept.new_share() == 1.0
    assert refit()
    row = db.session.scalars(select(EngineLanguage)).one()
    words = kept.unpack(row.words).words
    assert "cassava" in words and "zebrawood" not in words
    assert kept.new_share() == 0.0
    assert engine.world(PUBLIC).matcher.version != before
    assert told(PUBLIC, make)[0][0].need == public.ref
    assert not refit()  # the same texts: nothing to do
    assert db.session.scalar(select(func.count()).select_from(EngineLanguage)) == 1


def test_two_that_refit_at_once_leave_one_vocabulary(app, make):
    make.need("KHM")
    db.session.close()
    outcomes: list[bool] = []

    def fit() -> None:
        with app.test_request_context():
            outcomes.append(kept.refit())

    threads = [threading.Thread(target=fit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 cut short", b"no archive at all"])
def test_a_damaged_vocabulary_gives_way_to_the_shipped_one(make, damage):
    make.need("KHM")
    before = engine.world(PUBLIC).matcher.version
    db.session.add(EngineLanguage(digest="x", texts=1, words=damage, seen=b""))
    db.session.commit()
    assert engine.world(PUBLIC).matcher.version == before
    assert told(PUBLIC, make)[0]


def test_the_index_on_disk_is_used_again_and_never_believed_when_damaged(app, make):
    make.need("KHM")
    engine.world(PUBLIC)
    refit()
    newest = db.session.scalar(select(func.max(EngineLanguage.id)))
    before = told(PUBLIC, make)
    db.session.commit()
    upkeep.see_to(shelf(), date.today(), newest)
    language = shelf().base.language
    assert kept.stored(language) is not None
    engine.forget()
    assert told(PUBLIC, make) == before
    assert not shelf().base.part.texts.is_new  # it came from the disk
    folder = app.config["SETTINGS"].data_dir / "index"
    version = folder / (folder / CURRENT).read_text().strip()
    victim = max(version.glob("*.npy"), key=lambda path: path.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-7])
    assert kept.stored(language) is None
    engine.forget()
    assert told(PUBLIC, make) == before
    assert shelf().base.part.texts.is_new


def test_a_large_register_goes_on_with_its_words_until_the_background_is_done(make, monkeypatch):
    make.need("KHM")
    version = engine.world(PUBLIC).matcher.version
    monkeypatch.setattr(store, "AT_HAND", 0)
    refit()
    assert engine.world(PUBLIC).matcher.version == version
    newest = db.session.scalar(select(func.max(EngineLanguage.id)))
    assert shelf().waits_for(newest)
    db.session.commit()
    upkeep.see_to(shelf(), date.today(), newest)
    engine._worlds.clear()
    assert engine.world(PUBLIC).matcher.version != version


def test_exclusions_hold_on_both_sides(make):
    need = make.need("KHM", excluded_partners=("NOR",))
    assert engine.answer(PUBLIC, need, make.party("NOR")) == Blocked(need.ref, "NOR", ("excluded-partner",))
    assert told(PUBLIC, make) == ([], {})
    assert "NOR" not in {found.partner for found in engine.partners_for(PUBLIC, need, limit=99)}


def test_the_same_amount_in_another_currency_finds_the_same_partners(make):
    year = date.today().year + 1
    dollars = make.need("KHM", amounts=[(year, year, Decimal(1_000_000), Decimal(200_000))])
    rate = money.convert(Decimal(1), "USD", "EUR", money.latest_day()).amount
    euros = make.need("KHM", currency="EUR", title=dollars.title,
                      amounts=[(year, year, round(1_000_000 * rate, 2), round(200_000 * rate, 2))])
    one, other = ([(found.partner, pytest.approx(found.score, abs=0.01)) for found in engine.partners_for(PUBLIC, need)]
                  for need in (dollars, euros))
    assert [partner for partner, _score in one] == [partner for partner, _score in other]
    assert [found.score for found in engine.partners_for(PUBLIC, euros)] == [score for _partner, score in one]


def test_reasons_that_hold_for_every_partner_do_not_fill_the_list_of_partners(make, visitor):
    """That nobody supports a need yet is no reason for one partner rather than another; it still counts, and is told."""
    need = make.need("UKR")
    listed = visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    partners = listed[listed.index('id="partners"'):listed.index("</section>", listed.index('id="partners"'))]
    assert "why-list" in partners and "Nobody supports this need yet" not in partners
    assert "Nobody supports this need yet" in visitor.get(f"/needs/{need.ref}/why/USA").get_data(as_text=True)
