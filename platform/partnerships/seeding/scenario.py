"""A plausible scenario for the demonstration, told through the same services as everything else.

All of it is invented and marked so; none of it is a State's statement. Dates run backwards and forwards from today.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from partnerships.allocations import service as allocations
from partnerships.approach import service as approach
from partnerships.assessments import service as assessments
from partnerships.conferences import service as conferences
from partnerships.conferences.models import Conference
from partnerships.conferences.states import Mode
from partnerships.core.actor import Actor, Role
from partnerships.core.audit import Event
from partnerships.core.db import db, utcnow
from partnerships.core.files import checked
from partnerships.core.visibility import Visibility
from partnerships.documents import service as documents
from partnerships.followups import service as followups
from partnerships.followups.states import Reason
from partnerships.matches import mediation
from partnerships.matches import service as matches
from partnerships.needs import service as needs
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.offers import service as offers
from partnerships.offers.models import Offer
from partnerships.parties import service as parties
from partnerships.parties.models import Party
from partnerships.pledges import payments
from partnerships.pledges import service as pledges
from partnerships.pledges.states import PledgeKind, PledgeObject
from partnerships.searches import service as searches
from partnerships.searches.models import Cadence
from partnerships.seeding import rounds, scenario_changes, scenario_sheets
from partnerships.seeding.scenario_files import PLAN
from partnerships.seeding.scenario_plans import second_part
from partnerships.seeding.scenario_texts import CLOSED, NEEDS, OFFERING_AS, OFFERS, OUTCOME, PRIORITIES, SOUTH_SOUTH
from partnerships.shares import service as shares
from partnerships.suggestions import service as suggestions
from partnerships.suggestions.models import Reason as Rejection
from partnerships.suggestions.models import Verdict
from partnerships.webhooks import service as webhooks
from partnerships.weights import service as weights


class Scenario:
    """One play of the scenario. `people` are the demonstration's actors by e-mail address."""

    def __init__(self, by_ref: dict[str, Party], people: dict[str, Actor]) -> None:
        self.parties, self.people = by_ref, people
        self.isu = people["admin@isu.example"]
        self.today = date.today()
        self.next_conference: Conference

    def play(self) -> None:
        """Tell the whole story: priorities, offers, needs, matches, pledges, conferences, a country meeting."""
        self._stand_ready()
        self._post_needs()
        self._attach()
        self._talk()
        self._amend()
        self._share()
        self._confer()
        self._meet()
        rounds.tell(self)
        self._plan()
        scenario_sheets.preview(self._of("KHM", Role.FOCAL_POINT))
        webhooks.propose(self._of("NOR"), "https://hooks.norway.example/partnerships", ("need.published", "pledge.confirmed"),
                         "The ministry's grants system")
        searches.keep(self._of("NOR"), "Victim assistance in Africa", "needs?theme=victim-assistance&region=002", Cadence.WEEKLY)

    def _day(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def _of(self, ref: str, role: Role = Role.DONOR_OFFICER) -> Actor:
        """The demonstration's person of a party, or a nameless officer of it."""
        for actor in self.people.values():
            if actor.party_ref == ref and actor.role is role:
                return actor
        party = self.parties[ref]
        return Actor(role, party_id=party.id, name="Demonstration officer", party_name=party.name_en, party_ref=ref,
                     of_state_party=True, is_demo=True)

    @contextmanager
    def _ago(self, days: int) -> Iterator[None]:
        """Let what happens inside have happened some days ago."""
        last = db.session.scalar(select(func.max(Event.id))) or 0
        yield
        for event in db.session.scalars(select(Event).where(Event.id > last)):
            event.at -= timedelta(days=days)
        db.session.flush()

    def _stand_ready(self) -> None:
        for ref, values in PRIORITIES.items():
            with self._ago(120):
                parties.state_priorities(self._of(ref), self.parties[ref], values)
        self.offers: dict[str, Offer] = {}
        for ref, values in OFFERS:
            role = OFFERING_AS.get(ref, Role.DONOR_OFFICER)
            with self._ago(90):
                self.offers[values["title"]] = offers.create(self._of(ref, role), self.parties[ref], {
                    "currency": "USD", "conditions": "", "amount_min": None, "amount_max": None, "countries": (),
                    "regions": (), "contact_name": "Mine action desk", "contact_email": f"desk@{ref.lower()}.example",
                    "visibility": Visibility.PUBLIC, "valid_until": self._day(300), **values})

    def _post_needs(self) -> None:
        self.needs: dict[str, Need] = {}
        for key, story in NEEDS.items():
            party = self.parties[story["party"]]
            author = self._of(party.ref, Role.FOCAL_POINT)
            year, published = self.today.year + story.get("from", 1), story["published"]
            amounts = [(year + offset, year + offset, Decimal(amount), Decimal(share))
                       for offset, (amount, share) in enumerate(story["amounts"])]
            with self._ago(abs(published or story.get("ago", 2)) + 6):
                need = needs.create(author, party, {
                    "contact_name": "National mine action authority", "visibility": Visibility.PUBLIC,
                    "contact_email": f"contact@{party.ref.lower()}.example", "valid_until": date(year, 12, 31),
                    "deadline": self._day(story["deadline"]) if story["deadline"] else None,
                    **story["values"]}, amounts, more=second_part(key, year))
                if story["status"] != "draft":
                    needs.move(need, "submitted", author)
            if story["status"] == "returned":
                needs.move(need, "returned", self.isu, "Please give the amounts year by year, and say how many people "
                                                       "live near the areas: partners ask for both.")
            if story["status"] == "published":
                with self._ago(published):
                    needs.move(need, "published", self.isu)
                now = utcnow()
                need.submitted_at, need.published_at = now - timedelta(published + 6), now - timedelta(published)
            self.needs[key] = need
        with self._ago(18):
            needs.close(self.needs["pailin"], "met", self._of("KHM", Role.FOCAL_POINT), **CLOSED)
        self.needs["pailin"].status_on = utcnow() - timedelta(18)
        db.session.flush()

    def _share(self) -> None:
        """A draft that Cambodia shows to Norway before it hands it in."""
        draft = next(need for need in self.needs.values() if need.party.ref == "KHM" and need.status is NeedStatus.DRAFT)
        with self._ago(1):
            shares.give(draft, self.parties["NOR"], self._of("KHM", Role.FOCAL_POINT), until=self._day(60),
                        note="Would support of this kind fit your programme? We hand it in next month.")

    def _amend(self) -> None:
        """Published needs are changed: one change is verified, two wait."""
        cambodia, angola = self._of("KHM", Role.FOCAL_POINT), self._of("AGO", Role.FOCAL_POINT)
        clear, limbs, cuando = (self.needs[key] for key in ("clear", "limbs", "cuando"))
        with self._ago(12):
            scenario_changes.verified(clear, cambodia, self.isu)
        with self._ago(6):
            scenario_changes.waiting(limbs, cambodia)
        with self._ago(1):
            scenario_changes.slip(cuando, angola)
        scenario_changes.date_back({clear.id: 14, limbs.id: 6, cuando.id: 1})

    def _attach(self) -> None:
        """The plan that a need comes from, as a file."""
        with self._ago(40):
            documents.attach(
                self._of("KHM", Role.FOCAL_POINT), self.parties["KHM"], "need", self.needs["clear"], checked(PLAN),
                title="Demonstration: work plan of land release, three years", filename="work-plan.pdf")

    def _talk(self) -> None:
        norway, japan, gichd = self._of("NOR"), self._of("JPN"), self._of("GICHD", Role.ORGANISATION_OFFICER)
        with self._ago(30):
            clearing = matches.register(self.needs["clear"], self.parties["NOR"], norway, message=(
                "We support land release in the region over several years and would like to see the work plan."),
                next_step="Send the work plan by province", next_step_on=self._day(9))
            matches.move(clearing, "started-talks", norway, "")
            self._conversation(clearing, norway)
            reaching = matches.register(self.needs["limbs"], self.parties["JPN"], japan, message=(
                "Our priorities include rehabilitation centres. Which equipment do they lack?"),
                next_step="Share the list of equipment", next_step_on=self._day(-3))
        with self._ago(4):
            matches.request(self.offers[SOUTH_SOUTH], self.needs["cuando"], self._of("AGO", Role.FOCAL_POINT), message=(
                "Our provincial teams are about to begin survey. Could two of your instructors come for the first month?"),
                next_step="Propose dates with the provincial operations room", next_step_on=self._day(12))
        with self._ago(12):
            matches.register(self.needs["cuando"], self.parties["GICHD"], gichd, message=(
                "We can train survey teams in Portuguese."), next_step="Propose dates for the training",
                next_step_on=self._day(16))
        self._pledge_for(clearing, reaching)

    def _conversation(self, match: Any, norway: Actor) -> None:
        """What the two sides and the ISU write to each other about a need; the last for the State's side alone."""
        cambodia, isu = self._of("KHM", Role.FOCAL_POINT), self.isu
        said = ((norway, "NOR", None, 28, "Which of the three provinces could begin in the first quarter?"),
                (cambodia, "KHM", None, 27, "Battambang: its teams are trained and accredited. The plan is on the need's page."),
                (isu, "ISU", self.parties["KHM"], 26, "For you alone: their budget is decided in March."))
        for author, ref, side, days, body in said:
            message = mediation.write(match, author, self.parties[ref], body=body, side=side)
            message.written_at = utcnow() - timedelta(days=days)

    def _pledge_for(self, clearing: Any, reaching: Any) -> None:
        norway, japan = self._of("NOR"), self._of("JPN")
        with self._ago(25):
            first = pledges.announce(
                norway, self.parties["NOR"], object=PledgeObject.NEED, kind=PledgeKind.FINANCIAL, match=clearing,
                currency="NOK", amount=Decimal(12_000_000), first_year=self.today.year + 1, last_year=self.today.year + 2,
                announced_on=self._day(-25), visibility=Visibility.PUBLIC, expected_on=self._day(20))
            pledges.move(first, "confirmed", norway, "", on=self._day(-20))
        with self._ago(8):
            pledges.move(first, "agreed", norway, "", on=self._day(-8), expected_on=self._day(40))
        with self._ago(2):
            payments.pay(first, norway, amount=Decimal(4_000_000), paid_on=self._day(-2), proof=pledges.Proof("First instalment"))
        with self._ago(70):
            pledges.announce(
                japan, self.parties["JPN"], object=PledgeObject.NEED, kind=PledgeKind.FINANCIAL, match=reaching,
                currency="JPY", amount=Decimal(90_000_000), approximate=True, condition="Subject to parliamentary approval",
                announced_on=self._day(-70), visibility=Visibility.PUBLIC, expected_on=self._day(-10))
            pledges.announce(
                self._of("NLD"), self.parties["NLD"], object=PledgeObject.NEED, kind=PledgeKind.FINANCIAL,
                need=self.needs["colombia"], currency="EUR", amount=Decimal(650_000), announced_on=self._day(-70),
                visibility=Visibility.PUBLIC, expected_on=self._day(30))

    def _confer(self) -> None:
        for ref, amount, paid in (("CHE", 4_200, 4_200), ("KHM", 310, 0)):
            assessments.record(self.isu, {
                "party": self.parties[ref], "party_id": self.parties[ref].id, "year": self.today.year, "currency": "USD",
                "purpose": "Demonstration: Meeting of the States Parties", "amount": Decimal(amount), "paid_amount": Decimal(paid),
                "paid_on": self._day(-30) if paid else None, "due_on": self._day(20), "is_demo": True})
        with self._ago(70):
            past = conferences.create(self.isu, {
                "number": 90, "title": "Demonstration pledging conference", "chair": "The President", "place": "Geneva",
                "mode": Mode.HYBRID, "first_day": self._day(-70), "last_day": self._day(-70), "outcome": OUTCOME,
                "note": "Invented for the demonstration."})
            for target, amount in ((PledgeObject.ISU_WORK_PLAN, 1_100_000), (PledgeObject.SPONSORSHIP, 200_000)):
                conferences.aim(past, self.isu, object=target, year=self.today.year + 1, amount=Decimal(amount), currency="CHF",
                                note="Invented for the demonstration", source="")
            conferences.move(past, "opened", self.isu, "")
            for ref in ("NOR", "JPN", "CHE", "DEU", "NLD", "KHM", "AGO", "COL", "USA", "GICHD", "ICBL-CMC", "UNMAS"):
                conferences.attend(past, self.parties[ref], self.isu)
            for ref, target, currency, amount, condition in (
                    ("CHE", PledgeObject.ISU_WORK_PLAN, "CHF", 80_000, ""),
                    ("DEU", PledgeObject.ISU_WORK_PLAN, "EUR", 70_000, ""),
                    ("NOR", PledgeObject.SPONSORSHIP, "NOK", 300_000, ""),
                    ("JPN", PledgeObject.ISU_WORK_PLAN, "CHF", 75_000, "Subject to parliamentary approval")):
                logged = pledges.announce(
                    self.isu, self.parties[ref], object=target, kind=PledgeKind.FINANCIAL, conference=past,
                    currency=currency, amount=Decimal(amount), condition=condition, from_floor=True,
                    announced_on=self._day(-70), visibility=Visibility.PUBLIC, expected_on=self._day(90))
                if ref in ("CHE", "DEU"):
                    pledges.move(logged, "confirmed", self.isu, "", on=self._day(-60), expected_on=self._day(90))
            conferences.move(past, "closed", self.isu, "")
            conferences.move(past, "published", self.isu, "")
        with self._ago(10):
            self.next_conference = conferences.create(self.isu, {
                "number": 91, "title": "Demonstration pledging conference to come", "chair": "The President",
                "place": "Geneva", "mode": Mode.HYBRID, "first_day": self._day(45), "last_day": self._day(45),
                "note": "Invented for the demonstration."})

    def _meet(self) -> None:
        with self._ago(40):
            meeting = approach.create(
                self.isu, self.parties["KHM"], {
                    "title": "Demonstration country meeting of Cambodia", "held_on": self._day(-40), "mode": Mode.HYBRID,
                    "place": "Geneva", "chair": "The Committee", "visibility": Visibility.PARTIES,
                    "summary": "The authority showed what remains to be released, and what two more years would cost.",
                    "interest": "Two donors asked for the work plan by province; one asked about rehabilitation centres.",
                    "outcome": ""},
                [self.needs["clear"], self.needs["limbs"]],
                [(self.parties["NOR"], "Donor"), (self.parties["JPN"], "Donor"), (self.parties["GICHD"], "Adviser"),
                 (self.parties["CHE"], "Committee")])
            approach.move(meeting, "held", self.isu, "")
        self.meeting = meeting
        actions = (("Send the work plan by province to those who asked", "KHM", -6),
                   ("Visit the rehabilitation centres", "JPN", 25),
                   ("Ask for news of support received, six months after the meeting", "ISU", 140))
        for what, owner, days in actions:
            with self._ago(39):
                followups.create(self.isu, what=what, party=self.parties["KHM"], owner_party=self.parties[owner],
                                 due_on=self._day(days), reason=Reason.MEETING_ACTION, meeting=meeting)
        with self._ago(20):
            done = followups.create(
                self.isu, what="Share the presentation with all who attended", party=self.parties["KHM"],
                owner_party=self.parties["ISU"], due_on=self._day(-20), reason=Reason.MEETING_ACTION, meeting=meeting)
            followups.resolve(done, "done", self.isu, "Sent to all delegations that took part.")

    def _plan(self) -> None:
        """What the ISU tries out before the conference to come: who could fund what, other weights; and one answer."""
        budgets = {"NOR": 2_000_000, "JPN": 1_500_000, "NLD": 800_000, "CHE": 500_000}
        with self._ago(3):
            allocation = allocations.create(self.isu, self.parties["ISU"], {
                "title": "Demonstration: if four donors planned together", "floor": 20, "minimum": Decimal(0), "note": "",
                "scope": {"themes": [], "region": "", "states": [], "needs": []},
                "budgets": [{"donor": ref, "amount": str(usd), "themes": [], "countries": []} for ref, usd in budgets.items()],
            }, self.next_conference)
            allocations.run(allocation, self.isu)
            points = weights.serving_points()
            weights.propose(self.isu, weights.balanced({**points, "offer-fits": 20.0, "similar-meaning": 8.0}),
                            "Demonstration: how much do suggestions change when standing offers count for more?")
            suggestions.answer(self.needs["colombia"], self._of("JPN"), Verdict.NOT_RELEVANT, reason=Rejection.TIMING.value,
                               note="Demonstration: our plan for the region is decided in spring.")
