"""Factories: records as the services make them, committed, so that a test starts from a world that could be."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import select

from partnerships.accounts.models import Account
from partnerships.accounts.session import actor_of
from partnerships.core.actor import SYSTEM, Actor, Role
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.parties.models import Party

# One hash for all accounts of the tests, made with cheap parameters: hashing is tested on its own.
PASSWORD = "a long enough password"
HOME = {Role.FOCAL_POINT: "KHM", Role.DONOR_OFFICER: "NOR", Role.ORGANISATION_OFFICER: "GICHD", Role.ISU_OFFICER: "ISU",
        Role.ISU_ADMINISTRATOR: "ISU", Role.COMMITTEE_MEMBER: "CHE"}


class Make:
    """Makes records and commits them. Keyword arguments override the defaults."""

    def __init__(self, password_hash: str) -> None:
        self.password_hash = password_hash
        self.numbers = count(1)

    def party(self, ref: str) -> Party:
        """A party of the reference data."""
        return db.session.scalars(select(Party).where(Party.ref == ref)).one()

    def account(self, role: Role = Role.FOCAL_POINT, party: str | None = None, **values: Any) -> Account:
        """A person with a role, of a party (the role's usual one when none is given)."""
        ref = party or HOME[role]
        number = next(self.numbers)
        account = Account(email=f"person{number}@{ref.lower()}.example", role=role, party_id=self.party(ref).id,
                          **{"name": f"Person {number}", "password_hash": self.password_hash, **values})
        db.session.add(account)
        db.session.commit()
        return account

    def actor(self, role: Role = Role.FOCAL_POINT, party: str | None = None) -> Actor:
        """The actor of a new account."""
        return actor_of(self.account(role, party))

    def need(self, party: str = "KHM", status: NeedStatus = NeedStatus.PUBLISHED, *,
             amounts: list[tuple[int, int, Decimal, Decimal]] | None = None, **values: Any) -> Need:
        """A need, brought to a status through the services."""
        from partnerships.needs import service

        author = self.actor(Role.FOCAL_POINT, party)
        year = date.today().year + 1
        number = next(self.numbers)
        need = service.create(author, self.party(party), {
            "title": f"Clear confirmed hazardous areas, part {number}", "theme": "survey-clearance",
            "summary": "Clearance of confirmed hazardous areas near villages, so that families can farm again.",
            "kinds": ("money",), "place": "Battambang", "article": "5", "currency": "USD", "language": "en",
            "contact_name": "Mine action authority", "contact_email": "contact@authority.example",
            "deadline": date(year + 1, 12, 31), "valid_until": date(year, 12, 31), "visibility": Visibility.PUBLIC,
            **values}, amounts if amounts is not None else [(year, year, Decimal(1_000_000), Decimal(200_000))])
        if status in (NeedStatus.SUBMITTED, NeedStatus.RETURNED, NeedStatus.PUBLISHED, NeedStatus.MET,
                      NeedStatus.PARTLY_MET, NeedStatus.WITHDRAWN):
            service.move(need, "submitted", author)
        if status is NeedStatus.RETURNED:
            service.move(need, "returned", SYSTEM, "Please add yearly amounts.")
        if status in (NeedStatus.PUBLISHED, NeedStatus.MET, NeedStatus.PARTLY_MET, NeedStatus.WITHDRAWN):
            service.move(need, "published", SYSTEM)
        if status in (NeedStatus.MET, NeedStatus.PARTLY_MET, NeedStatus.WITHDRAWN):
            service.move(need, status.value, SYSTEM, "What happened, in words.")
        db.session.commit()
        return need

    def release(self) -> Any:
        """Today's release of open data."""
        from partnerships.releases import service

        release, _new = service.make(SYSTEM, date.today())
        db.session.commit()
        return release

    def share(self, need: Need, party: str = "NOR", *, until: date | None = None, ended: bool = False) -> Any:
        """A share of a need with a partner, for a month unless a day is given."""
        from partnerships.shares import service

        author = self.actor(Role.FOCAL_POINT, need.party.ref)
        share = service.give(need, self.party(party), author, until=until or date.today() + timedelta(30))
        if ended:
            service.end(share, author)
        db.session.commit()
        return share

    def amendment(self, need: Need, status: str = "draft", *, note: str = "", **changes: Any) -> Any:
        """A change to a published need by its State: `changes` are columns of Need or lines, as forms give them."""
        from partnerships.amendments import service
        from partnerships.needs import content

        author = self.actor(Role.FOCAL_POINT, need.party.ref)
        working = service.working(author, need)
        working.keep(author, content.packed(changes), note)
        amendment = working.amendment
        if status in ("submitted", "returned", "published"):
            service.move(amendment, "submitted", author)
        if status in ("returned", "published") and amendment.status.value != status:
            service.move(amendment, status, self.actor(Role.ISU_OFFICER), "Please correct this.")
        db.session.commit()
        return amendment

    def offer(self, party: str = "NOR", **values: Any) -> Any:
        """A standing offer."""
        from partnerships.offers import service

        offer = service.create(self.actor(Role.DONOR_OFFICER, party), self.party(party), {
            "title": "Support to survey and clearance", "summary": "Multi-year support to land release.",
            "themes": ("survey-clearance",), "kinds": ("money",), "regions": ("142",), "countries": (),
            "languages": ("en",), "currency": "USD", "amount_min": Decimal(100_000), "amount_max": Decimal(2_000_000),
            "conditions": "", "how_to_ask": "Write to the contact.", "contact_name": "Desk", "contact_email": "",
            "valid_until": date.today() + timedelta(days=200), "visibility": Visibility.PUBLIC, **values})
        db.session.commit()
        return offer

    def webhook(self, role: Role = Role.DONOR_OFFICER, party: str | None = None, *, status: str = "waiting",
                address: str = "https://127.0.0.1:9/hook", events: tuple[str, ...] = ("need.published",)) -> Any:
        """A webhook of a new person of a party; its usual address is one that nothing is sent to."""
        from partnerships.webhooks import service

        hook, _secret = service.propose(self.actor(role, party), address, events)
        if status != "waiting":
            service.move(hook, "refused" if status == "refused" else "allowed", SYSTEM, "Ask us first.")
        if status == "paused":
            service.move(hook, "paused", SYSTEM)
        db.session.commit()
        return hook

    def kept_search(self, party: str = "NOR", query: str = "search?q=mine", **values: Any) -> Any:
        """A search that somebody of a party keeps."""
        from partnerships.searches import service
        from partnerships.searches.models import Cadence

        search = service.keep(self.actor(Role.DONOR_OFFICER, party), values.get("name", "Mines"), query, Cadence.DAILY)
        db.session.commit()
        return search

    def subscription(self, query: str = "needs?theme=victim-assistance", *, confirmed: bool = True, **values: Any) -> Any:
        """An address that follows a list, since an hour ago."""
        from partnerships.core.db import utcnow
        from partnerships.subscriptions.models import Subscription
        from partnerships.subscriptions.states import Rhythm

        before = utcnow() - timedelta(hours=1)
        found = Subscription(query=query, confirmed_at=before if confirmed else None, **{
            "looked_at": before, "address": f"reader{next(self.numbers)}@example.org", "rhythm": Rhythm.DAILY,
            "language": "en", **values})
        db.session.add(found)
        db.session.commit()
        return found

    def match(self, need: Need | None = None, party: str = "NOR", **values: Any) -> Any:
        """A match in which the partner has registered interest."""
        from partnerships.matches import service

        match = service.register(need or self.need(), self.party(party), self.actor(Role.DONOR_OFFICER, party), **{
            "message": "We would like to learn more.", "next_step": "Call with the focal point",
            "next_step_on": date.today() + timedelta(days=14), **values})
        db.session.commit()
        return match

    def pledge(self, donor: str = "NOR", **values: Any) -> Any:
        """An announced pledge, to the ISU work plan unless a need is given."""
        from partnerships.pledges import service
        from partnerships.pledges.states import PledgeKind, PledgeObject

        pledge = service.announce(self.actor(Role.DONOR_OFFICER, donor), self.party(donor), **{
            "object": PledgeObject.NEED if values.get("need") else PledgeObject.ISU_WORK_PLAN,
            "kind": PledgeKind.FINANCIAL, "currency": "USD", "amount": Decimal(300_000), "announced_on": date.today(),
            "visibility": Visibility.PUBLIC, **values})
        db.session.commit()
        return pledge

    def terms(self, pledge: Any, **values: str) -> Any:
        """How the donor classifies a pledge: a project, untied, unless something else is said."""
        from partnerships.standards import queries, service

        service.classify(pledge, SYSTEM, queries.terms_of(pledge), values or {"aid_type": "C01", "tied_status": "5"})
        db.session.commit()
        return queries.terms_of(pledge)

    def case(self, party: str = "KHM", meeting: Any = None) -> Any:
        """A case that a State asked for; with a meeting, one that was accepted and has it."""
        from partnerships.cases import service

        case = service.begin(self.actor(Role.FOCAL_POINT, party), self.party(party), "To find partners.")
        if meeting is not None:
            service.move(case, "accepted", self.actor(Role.ISU_OFFICER))
            case.meeting = meeting
        db.session.commit()
        return case

    def conference(self, **values: Any) -> Any:
        """A planned pledging conference."""
        from partnerships.conferences import service
        from partnerships.conferences.states import Mode

        number = 40 + next(self.numbers)
        conference = service.create(SYSTEM, {
            "number": number, "title": f"Pledging Conference {number}", "chair": "The President", "place": "Geneva",
            "mode": Mode.IN_PERSON, "first_day": date.today(), "last_day": date.today(), "note": "", **values})
        db.session.commit()
        return conference

    def assessment(self, party: str = "NOR", **values: Any) -> Any:
        """An assessed contribution."""
        from partnerships.assessments import service

        found = service.record(SYSTEM, {
            "party": self.party(party), "party_id": self.party(party).id, "year": 2026, "purpose": "Meeting", "currency": "USD",
            "amount": Decimal(1000), "paid_amount": Decimal(0), **values})
        db.session.commit()
        return found

    def indicator_value(self, ref: str = "8.1", year: int = 2021, **values: Any) -> Any:
        """A value that the ISU entered for an indicator of the Oslo Action Plan."""
        from partnerships.indicators import queries, service

        one = queries.indicator("OSLO-2019", ref)
        assert one is not None
        found = service.enter(SYSTEM, one, year, {"value": Decimal(12), "source": "A report", "note": "", **values})
        db.session.commit()
        return found

    def wording(self, need: Need, language: str = "fr", title: str = "Le besoin", summary: str = "Ce qu'il faut.") -> Any:
        """A need in another language, by its State."""
        from partnerships.wordings import service

        found = service.write(self.actor(Role.FOCAL_POINT, need.party.ref), need, language, None, title, summary)
        db.session.commit()
        return found

    def observation(self, state: str = "KHM", text: str = "What the Committee observes.") -> Any:
        """The Committee's text about a State."""
        from partnerships.observations import service

        found = service.write(SYSTEM, self.party(state), None, text, "en", date.today())
        db.session.commit()
        return found

    def meeting(self, state: str = "KHM", *, needs: list[Need] | None = None, participants: list[Any] | None = None,
                **values: Any) -> Any:
        """A planned country meeting."""
        from partnerships.approach import service
        from partnerships.conferences.states import Mode

        meeting = service.create(SYSTEM, self.party(state), {
            "title": "Country meeting", "held_on": date.today() + timedelta(days=20), "mode": Mode.ONLINE, "place": "",
            "chair": "The Committee", "summary": "", "interest": "", "outcome": "",
            "visibility": Visibility.PARTIES, **values}, needs or [], participants or [])
        db.session.commit()
        return meeting

    def document(self, record: Any = None, kind: str = "need", **values: Any) -> Any:
        """A small PDF attached to a record (a published need when none is given), in the folder of the application."""
        from partnerships.core.files import checked
        from partnerships.documents import service
        from tests.support.files import PDF

        record = record or self.need()
        party = getattr(record, "party", None) or self.party("ISU")
        document = service.attach(SYSTEM, party, kind, record, checked(PDF), **{
            "title": "Work plan", "filename": "plan.pdf", **values})
        db.session.commit()
        return document

    def followup(self, party: str = "KHM", owner: str = "ISU", **values: Any) -> Any:
        """An open follow-up."""
        from partnerships.followups import service
        from partnerships.followups.states import Reason

        followup = service.create(SYSTEM, **{
            "what": "Send the updated work plan", "party": self.party(party), "owner_party": self.party(owner),
            "due_on": date.today() + timedelta(days=10), "reason": Reason.OWN, **values})
        db.session.commit()
        return followup

    def token(self, role: Role = Role.FOCAL_POINT, party: str = "KHM") -> Any:
        """A key of a new person of a party."""
        from partnerships.tokens import service
        from partnerships.tokens.states import TokenKind

        found, _secret = service.make(self.actor(role, party), "A program", TokenKind.PERSONAL, [], 30)
        db.session.commit()
        return found

    def import_(self, role: Role = Role.FOCAL_POINT, party: str = "KHM", *, confirmed: bool = False) -> Any:
        """An import of two rows by a new person of a party: needs for the ISU and focal points, offers for others."""
        from partnerships.exchange import service
        from partnerships.exchange.models import ImportOf
        from partnerships.exchange.policy import TAKES

        actor = self.actor(role, party)
        what = TAKES[role][0]
        head, rows = ("State,Title,Source", f"{party},Clearance,https://a.example\n{party},Survey,https://b.example")
        if what is ImportOf.OFFERS:
            head, rows = "Title,Summary,Kind,Valid until", f"Courses,For deminers,training,{date.today() + timedelta(90)}\n,,,"
        one = service.preview(actor, what, "rows.csv", f"{head}\n{rows}\n".encode())
        if confirmed:
            service.confirm(one, actor)
        db.session.commit()
        return one
