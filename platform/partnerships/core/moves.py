"""Moves over HTTP: the words that a form sends with one."""

from __future__ import annotations

from typing import Any

from flask import abort

from partnerships.core.errors import Refused
from partnerships.core.workflow import Workflow


def note_for(flow: Workflow, name: str, form: Any) -> str:
    """The note sent with a move.

    Arguments: flow, the record's workflow; name, the move in the address; form, bound, with a field `note`.
    Returns: the note, perhaps empty. Raises: 404 for a move that does not exist, Refused for a note that cannot be kept.
    """
    if name not in flow.by_name:
        abort(404)
    if not form.validate():
        raise Refused(" ".join(form.note.errors))
    return form.note.data or ""
