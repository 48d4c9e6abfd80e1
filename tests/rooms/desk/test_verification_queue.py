"""What waits for the ISU: new needs and changes, small ones in a lane of their own, with who handed them in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import event, select, update

from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import current_engine, db
from partnerships.needs.models import NeedVersion
from partnerships.needs.states import NeedStatus
from tests.rooms.audit.test_chain import around_the_triggers

URL = "/desk/verification"


def test_changes_wait_beside_new_needs_and_small_ones_before_them(make, sign_in):
    need = make.need("KHM", title="Clearing the fields near the school of Bavel and its wells", summary="A text. " * 30)
    make.amendment(need, "submitted", summary="A text. " * 29 + "A txt. ")
    other = make.need("AGO")
    make.amendment(other, "submitted", place="Cuando Cubango", title="Another title")
    make.need("KHM", NeedStatus.SUBMITTED, title="A new one")
    page = sign_in(Role.ISU_OFFICER).get(URL).get_data(as_text=True)
    fast, rest = page.split('id="fast"')[1].split("</section>")[0], page.split('id="queue"')[1].split("</section>")[0]
    assert need.ref in fast and "Small change" in fast
    assert other.ref in rest and "Another title" in rest and "A new one" in rest and "New need" in rest
    assert "Focal point" in rest and "signs in since" in rest
    assert "All 3 that wait are shown" in page


def test_the_time_of_service_is_told_from_publications_and_returns(make, sign_in):
    isu = sign_in(Role.ISU_OFFICER)
    assert "Verification took" not in isu.get(URL).get_data(as_text=True)
    make.need("KHM")
    version = db.session.scalars(select(NeedVersion)).one()
    version.submitted_at -= timedelta(days=4)
    db.session.commit()
    assert "Verification took 4 days, in the one decision on record." in isu.get(URL).get_data(as_text=True)
    make.need("AGO", NeedStatus.RETURNED)
    asked = db.session.scalars(select(Event).where(Event.tag == "need.submitted").order_by(Event.id.desc())).first()
    number, earlier = asked.id, asked.at - timedelta(days=2)
    with around_the_triggers() as connection:
        connection.execute(update(Event).where(Event.id == number).values(at=earlier))
    assert "Verification took 3 days (median of the last 2 decisions)." in isu.get(URL).get_data(as_text=True)
    # A contact that the State publishes itself is no decision of the ISU.
    make.amendment(make.need("KHM", NeedStatus.PUBLISHED), contact_name="Another office")
    assert "median of the last 3 decisions" in isu.get(URL).get_data(as_text=True)


def test_the_desk_counts_changes_apart(make, sign_in):
    for state in ("KHM", "AGO"):
        make.amendment(make.need(state), "submitted", place="Elsewhere")
    page = sign_in(Role.ISU_OFFICER).get("/desk/").get_data(as_text=True)
    assert "2 changes to published needs wait for verification." in page


def test_a_longer_queue_asks_the_database_no_more_often(make, sign_in):
    isu = sign_in(Role.ISU_OFFICER)

    def queries() -> int:
        asked: list[str] = []

        def counting(*call: object) -> None:
            asked.append(str(call[2]))

        event.listen(current_engine(), "before_cursor_execute", counting)
        isu.get(URL)
        event.remove(current_engine(), "before_cursor_execute", counting)
        return len(asked)

    def fill() -> None:
        make.amendment(make.need("KHM"), "submitted", place="Elsewhere", title="Another title")
        make.need("AGO", NeedStatus.SUBMITTED)

    fill()
    few = queries()
    for _more in range(3):
        fill()
    assert queries() == few
