"""The desk of a conference over HTTP: the live log, its corrections, and the screen in the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, flash, jsonify, make_response, render_template, request, url_for
from flask_babel import gettext as _

from partnerships.conferences import line, logbook, queries, tally, view
from partnerships.conferences.forms import LineForm, LogForm, NoteForm
from partnerships.conferences.logbook import Entry
from partnerships.conferences.models import Conference
from partnerships.conferences.routes import blueprint
from partnerships.conferences.routes.pages import conference_of, run
from partnerships.conferences.states import CATEGORY_LABELS, ConferenceStatus
from partnerships.core import once, workflow
from partnerships.core.actor import PUBLIC, Actor
from partnerships.core.errors import Conflict, Refused
from partnerships.core.filters import money_text
from partnerships.core.policy import current_actor, public, requires
from partnerships.core.web import found, see_other
from partnerships.parties import choices
from partnerships.parties.words import name as name_of
from partnerships.pledges import queries as pledges
from partnerships.pledges import service as pledging
from partnerships.pledges.models import Pledge
from partnerships.pledges.states import OBJECT_LABELS, PledgeStatus

LAST_ROWS = 20


@dataclass
class Typed:
    """What came back with questions: the line's form and what was read of it."""

    form: LineForm
    entry: Entry | None = None


def _as_data() -> bool:
    """Whether a script asks: it wants an answer as data, not a page."""
    return request.headers.get("Accept", "") == "application/json"


@blueprint.get("/<ref>/desk")
@requires("conferences.run")
def desk(ref: str) -> Any:
    """The live log: one line to type, the last entries, the tally."""
    actor, conference = run(ref)
    return _page(actor, conference)


def _page(actor: Actor, conference: Conference, typed: Typed | None = None, row: LogForm | None = None) -> str:
    typed, shown = typed or Typed(LineForm(formdata=None)), _entries(actor, conference)
    return render_template(
        "conferences/desk.html", typed=typed, reading=_reading(typed.entry),
        form=row or view.log_form(actor, shown["pledges"]), partners=choices.partners(), categories=CATEGORY_LABELS,
        moves=workflow.available(conference, actor), note_form=NoteForm(formdata=None), row_sent=row is not None, **shown)


def _entries(actor: Actor, conference: Conference) -> dict[str, Any]:
    """What the part of the desk shows that everybody's entries change.

    The mark is taken before the entries: one that is saved in between is shown at once and fetched again, instead of being
    marked as shown and missed until the next.
    """
    mark = logbook.mark(actor, conference)
    made, struck = pledges.of_conference(actor, conference.id), pledges.struck_of(actor, conference.id)
    rows = sorted([*made, *struck], key=lambda pledge: pledge.id, reverse=True)[:LAST_ROWS]
    return {"rows": rows, "pledges": made, "made": len(made), "tally": view.tally(made), "mark": mark,
            "who": queries.loggers([pledge.id for pledge in rows]), "line_of": logbook.line_of, "conference": conference,
            "groups": view.attendance(conference), "unlisted": view.unlisted(conference, made)}


@blueprint.get("/<ref>/entries")
@requires("conferences.run")
def entries(ref: str) -> Any:
    """The last entries and the tally, for a page that follows them: nothing (204) while nothing has changed."""
    actor, conference = run(ref)
    if request.args.get("seen") == logbook.mark(actor, conference):
        return "", 204
    return _unkept(render_template("conferences/entries.html", **_entries(actor, conference)))


def _unkept(page: str, part: bool = True) -> Any:
    """A page, or a part of one that a script puts into its place, that no cache may keep."""
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    if part:
        answer.headers["X-Part-Of-Page"] = "yes"
    return answer


@blueprint.get("/<ref>/read")
@requires("conferences.run")
def read(ref: str) -> Any:
    """What a line says, before it is logged."""
    actor, conference = run(ref)
    typed = request.args.get("line", "")[:line.LONGEST]
    entry = logbook.understand(actor, typed, logbook.default_object(logbook.last_logged(conference)))
    return _unkept(render_template("conferences/read.html", reading=_reading(entry)))


def _reading(entry: Entry | None) -> Any:
    """What a page shows of an entry."""
    if entry is None:
        return None
    return {"entry": entry, "said": entry.reading, "guesses": list(line.shown_guesses(entry.reading, OBJECT_LABELS))}


@blueprint.post("/<ref>/desk")
@requires("conferences.run")
def log(ref: str) -> Any:
    """Log one pledge announced from the floor: a line, or the row of fields. Sent twice, it is logged once."""
    actor, conference = run(ref)
    logbook.must_be_open(conference)
    return _log_line(actor, conference) if "line" in request.form else _log_row(actor, conference)


def _log_line(actor: Actor, conference: Conference) -> Any:
    form = LineForm()
    if not form.validate():
        return _asked(actor, conference, Typed(form))
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return _logged(conference, receipt.location.rpartition("/")[2])
    entry = logbook.understand(actor, form.line.data or "", logbook.default_object(logbook.last_logged(conference)))
    # What is assumed is shown before it is kept.
    if not entry.certain or (entry.reading.guesses and form.seen.data != form.line.data):
        form.seen.data = form.line.data
        return _asked(actor, conference, Typed(form, entry))
    assert entry.donor is not None
    try:
        pledge = logbook.log(actor, conference, entry.donor, entry.values(), entry.details())
    except Refused as refused:
        form.line.errors = [refused.message]
        return _asked(actor, conference, Typed(form, entry))
    receipt.location = url_for("pledges.detail", ref=pledge.ref)
    return _logged(conference, pledge.ref, pledge)


def _asked(actor: Actor, conference: Conference, typed: Typed) -> Any:
    """A line that cannot be logged yet: its questions, as data or on the page."""
    if not _as_data():
        return _page(actor, conference, typed), 422
    entry = typed.entry
    words = [str(one) for one in typed.form.line.errors]
    if entry is not None:
        words += [one.words for one in entry.reading.questions] or list(line.shown_guesses(entry.reading, OBJECT_LABELS))
    return jsonify(ok=False, words=words or [_("The line cannot be logged.")]), 422


def _logged(conference: Conference, ref: str, pledge: Pledge | None = None) -> Any:
    """The answer to an entry that is on the record."""
    words = _said(pledge) if pledge is not None else _("%(ref)s was already logged.", ref=ref)
    if _as_data():
        return jsonify(ok=True, ref=ref, words=words)
    flash(words, "success" if pledge is not None else "info")
    return see_other(url_for("conferences.desk", ref=conference.ref))


def _said(pledge: Pledge) -> str:
    """What was understood, in one line, for the eye and the screen reader."""
    amount = money_text(pledge.amount, pledge.currency) if pledge.amount is not None else _("no amount stated")
    return _("Logged %(ref)s: %(donor)s, %(amount)s, %(object)s.", ref=pledge.ref, donor=name_of(pledge.donor),
             amount=amount, object=str(OBJECT_LABELS[pledge.object]))


def _log_row(actor: Actor, conference: Conference) -> Any:
    form = LogForm(actor=actor)
    if not form.validate():
        return _row_asked(actor, conference, form)
    receipt, fresh = once.claim(form.once.data, actor.account_id or 0)
    if not fresh:
        return _logged(conference, receipt.location.rpartition("/")[2])
    try:
        pledge = logbook.log(actor, conference, form.donor.party, form.said(), form.details())
    except Refused as refused:  # what was typed stays in the row
        form.form_errors = [refused.message]
        return _row_asked(actor, conference, form)
    receipt.location = url_for("pledges.detail", ref=pledge.ref)
    return _logged(conference, pledge.ref, pledge)


def _row_asked(actor: Actor, conference: Conference, form: LogForm) -> Any:
    if not _as_data():
        return _page(actor, conference, row=form), 422
    words = [f"{field.label.text}: {one}" for field in form for one in field.errors]
    return jsonify(ok=False, words=[*words, *form.form_errors]), 422


def _entry(ref: str, pledge: str) -> tuple[Actor, Conference, Pledge]:
    """An entry of the log of a conference, for those who may run it."""
    actor, conference = run(ref)
    one = found(pledges.by_ref(actor, pledge))
    if one.conference_id != conference.id:
        abort(404)
    return actor, conference, one


@blueprint.post("/<ref>/undo/<pledge>")
@requires("conferences.run")
def undo(ref: str, pledge: str) -> Any:
    """Take back a pledge logged in error: it is struck, seen by the ISU alone, and counts nowhere. Never deleted."""
    actor, conference, one = _entry(ref, pledge)
    if one.status not in (PledgeStatus.ANNOUNCED, PledgeStatus.STRUCK):
        raise Refused(_("This pledge has moved on since it was logged: change it on its own page."))
    done = pledging.move(one, "struck", actor, _("Logged in error."))
    return _moved(conference, one, done, _("%(ref)s is struck: it was logged in error, and counts no more.", ref=one.ref))


@blueprint.post("/<ref>/restore/<pledge>")
@requires("conferences.run")
def restore(ref: str, pledge: str) -> Any:
    """Put back what was struck."""
    actor, conference, one = _entry(ref, pledge)
    done = pledging.move(one, "restored", actor)
    return _moved(conference, one, done, _("%(ref)s stands again.", ref=one.ref))


def _moved(conference: Conference, pledge: Pledge, done: bool, words: str) -> Any:
    words = words if done else _("This was already done.")
    if _as_data():
        return jsonify(ok=True, ref=pledge.ref, words=words)
    flash(words, "success" if done else "info")
    return see_other(url_for("conferences.desk", ref=conference.ref))


@blueprint.route("/<ref>/correct/<pledge>", methods=["GET", "POST"])
@requires("conferences.run")
def correct(ref: str, pledge: str) -> Any:
    """Put an entry right, as a line. Somebody else's correction in between is shown, never overwritten."""
    actor, conference, one = _entry(ref, pledge)
    if request.method == "GET":
        form = LineForm(formdata=None, line=logbook.line_of(one), version=str(one.version))
        return _correct_page(conference, one, Typed(form))
    form = LineForm()
    if not form.validate():
        return _correct_asked(conference, one, Typed(form))
    entry = logbook.understand(actor, form.line.data or "", logbook.default_object(one))
    if not entry.certain:
        return _correct_asked(conference, one, Typed(form, entry))
    if form.opened_on != one.version:
        return _crossed(conference, one, form)
    assert entry.donor is not None
    try:
        changed = pledging.correct(one, actor, entry.donor, entry.values(), entry.details())
    except Refused as refused:
        form.line.errors = [refused.message]
        return _correct_asked(conference, one, Typed(form, entry))
    words = _("%(ref)s is corrected.", ref=one.ref) if changed else _("%(ref)s says this already.", ref=one.ref)
    return _moved(conference, one, True, words)


def _correct_page(conference: Conference, pledge: Pledge, typed: Typed) -> str:
    return render_template("conferences/correct.html", conference=conference, pledge=pledge, typed=typed,
                           reading=_reading(typed.entry))


def _correct_asked(conference: Conference, pledge: Pledge, typed: Typed) -> Any:
    if not _as_data():
        return _correct_page(conference, pledge, typed), 422
    words = [str(one) for one in typed.form.line.errors]
    words += [one.words for one in typed.entry.reading.questions] if typed.entry else []
    return jsonify(ok=False, words=words), 422


def _crossed(conference: Conference, pledge: Pledge, form: LineForm) -> Any:
    """Two officers at one entry: both wordings, and the version to go on from."""
    theirs, mine = logbook.line_of(pledge), form.line.data or ""
    if theirs == mine:
        return _moved(conference, pledge, True, _("%(ref)s says this already.", ref=pledge.ref))
    if not _as_data():
        raise Conflict(url_for("conferences.correct", ref=conference.ref, pledge=pledge.ref), [(_("Entry"), mine, theirs)])
    return jsonify(ok=False, theirs=theirs, mine=mine, version=str(pledge.version), words=[
        _("%(ref)s was changed by somebody else meanwhile.", ref=pledge.ref)]), 409


@blueprint.get("/<ref>/tally", endpoint="tally")
@public
def screen(ref: str) -> Any:
    """The tally for the screen in the room: what everybody may see, whoever has put it there."""
    return _unkept(render_template("conferences/tally.html", **_board(ref)), part=False)


@blueprint.get("/<ref>/now")
@public
def now(ref: str) -> Any:
    """The tally alone, for a screen that follows it: nothing (204) while nothing has changed."""
    conference = conference_of(ref, current_actor())
    if request.args.get("seen") == logbook.mark(PUBLIC, conference):
        return "", 204
    return _unkept(render_template("conferences/now.html", **_board(ref)))


def _board(ref: str) -> dict[str, Any]:
    conference = conference_of(ref, current_actor())
    mark = logbook.mark(PUBLIC, conference)  # before what it marks, as for the desk
    made = pledges.of_conference(PUBLIC, conference.id)
    return {"conference": conference, "board": tally.board(conference, made, date.today()), "shown": tally.SHOWN,
            "mark": mark, "is_open": conference.status is ConferenceStatus.OPEN}


