"""What the engine does in the background: read new words, lay out the needs anew, leave the index for the next process.

One thread at a time in a process; of several processes at once one has its way, and the others find it done.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app

from partnerships.suggestions import kept

if TYPE_CHECKING:
    from partnerships.suggestions.store import Store

EVERY_SECONDS = 60.0
log = logging.getLogger(__name__)
_busy = threading.Lock()
_last: dict[int, float] = {}


def soon(store: Store, today: date, newest: int) -> None:
    """See to it in the background, at most once a minute; never in tests, which call `see_to` themselves."""
    if current_app.testing or time.monotonic() - _last.get(id(store), -EVERY_SECONDS) < EVERY_SECONDS:
        return
    if not _busy.acquire(blocking=False):
        return
    _last[id(store)] = time.monotonic()
    app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=_run, args=(app, store, today, newest), daemon=True).start()


def _run(app: Flask, store: Store, today: date, newest: int) -> None:
    try:
        with app.test_request_context():  # as in a GET request, the session only reads
            see_to(store, today, newest)
    except Exception:  # a thread of its own: whatever happens, the pages go on with what they have
        log.exception("The engine's upkeep failed; it is tried again later.")
    finally:
        _busy.release()


def see_to(store: Store, today: date, newest: int) -> None:
    """Fit the vocabulary anew when a twentieth of the public texts is new to it; else lay out and keep what waits."""
    if kept.new_share() > kept.NEW_SHARE:
        kept.refit()
        return
    if store.waits_for(newest):
        laid_out = store.lay_out(today, newest)
        with store.lock:
            store.base, store.shared = laid_out, None
    base = store.base
    if base is not None and base.part.texts.is_new:
        kept.keep(base.part.texts.index)
        base.part.texts.is_new = False
