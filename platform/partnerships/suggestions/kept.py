"""What the engine keeps between processes: its vocabulary in the database, and vectors of texts in files.

Every process must give the same score, so the vocabulary is data: fitted on public texts only, frozen in a row, and
used by all until a newer row stands. The files under the data folder only save time; they are made anew when they are
missing or damaged.
"""

from __future__ import annotations

import hashlib
import io
import logging
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from partnerships.core.actor import PUBLIC
from partnerships.core.db import db
from partnerships.core.policy import condition
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.offers.models import Offer, OfferStatus
from partnerships.suggestions.models import EngineLanguage

if TYPE_CHECKING:
    from partnerships.matching.index import Index
    from partnerships.matching.likeness import Language
    from partnerships.matching.vocabulary import Vocabulary

NEW_SHARE = 0.05  # measured: with one text in twenty new, a refit changes a top ten in about one place in fifty
log = logging.getLogger(__name__)


def pack(vocabulary: Vocabulary) -> bytes:
    """A vocabulary as zipped plain arrays."""
    import numpy as np

    out = io.BytesIO()
    words = np.frombuffer("\n".join(vocabulary.words).encode(), np.uint8)
    np.savez_compressed(out, words=words, idf=vocabulary.idf[:-1], count=np.array([vocabulary.count]))
    return out.getvalue()


def unpack(data: bytes) -> Vocabulary:
    """The vocabulary that `pack` wrote. Raises ValueError when the bytes are damaged."""
    import numpy as np

    from partnerships.matching.vocabulary import Vocabulary

    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            words = arrays["words"].tobytes().decode()
            return Vocabulary(words.split("\n") if words else (), arrays["idf"], int(arrays["count"][0]))
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError("The kept vocabulary is damaged.") from error


@cache
def shipped() -> Language:
    """The vocabulary that comes with the platform, of texts in six languages: what serves before any is fitted."""
    from partnerships.matching import vocabulary
    from partnerships.matching.likeness import Language
    from partnerships.matching.meaning import load

    return Language(vocabulary.shipped(), load())


NEWEST = select(func.max(EngineLanguage.id)).scalar_subquery()  # the vocabulary that serves now; none: the shipped one


def language(number: int, vectors: Mapping[str, Any]) -> Language:
    """The vocabulary of a number; the shipped one where there is none or it is damaged.

    Arguments: vectors, meanings of texts by digest that are known already.
    """
    from partnerships.matching.likeness import Language
    from partnerships.matching.meaning import load

    row = db.session.get(EngineLanguage, number) if number else None
    if row is None:
        return shipped()
    try:
        return Language(unpack(row.words), load(), vectors)
    except ValueError:
        log.warning("The vocabulary %s is damaged: the shipped one serves until the next fit.", number)
        return shipped()


def _folder() -> Path:
    return Path(current_app.config["SETTINGS"].data_dir) / "index"


def stored(language: Language) -> Index | None:
    """The index of texts that an earlier process left in the data folder; None when it is missing, damaged or other."""
    from partnerships.matching.storage import CorruptIndex, open_index

    try:
        index, _watermark = open_index(_folder(), language.encoder)
    except CorruptIndex as error:
        log.info("The index of texts is made anew: %s", error)
        return None
    return index if index.vocabulary.digest == language.vocabulary.digest else None


def keep(index: Index) -> None:
    """Leave an index of texts in the data folder for the next process; a folder that cannot be written is no harm."""
    from partnerships.matching.storage import save

    try:
        save(index, _folder())
    except OSError as error:
        log.warning("The index of texts could not be kept: %s", error)


def _public_texts(session: Session) -> list[str]:
    """The texts of published needs and open offers that everybody may read, in order of reference."""
    own = select(Need.ref, Need.title, Need.summary).where(
        condition(PUBLIC, "needs.view", Need), Need.status == NeedStatus.PUBLISHED)
    standing = select(Offer.ref, Offer.title, Offer.summary).where(
        condition(PUBLIC, "offers.view", Offer), Offer.status == OfferStatus.OPEN, Offer.valid_until >= date.today())
    rows = sorted((ref, f"{title}\n{text}") for query in (own, standing) for ref, title, text in session.execute(query))
    return [text for _ref, text in rows]


def digest(text: str) -> bytes:
    """Eight bytes that tell one text from another."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]


def new_share() -> float:
    """The share of public texts that the serving vocabulary has not read, in [0, 1]."""
    with db.apart() as session:
        texts = _public_texts(session)
        seen = session.scalar(select(EngineLanguage.seen).order_by(EngineLanguage.id.desc()).limit(1)) or b""
    known = {seen[at:at + 8] for at in range(0, len(seen), 8)}
    return sum(1 for text in texts if digest(text) not in known) / len(texts) if texts else 0.0


def refit() -> bool:
    """Fit the vocabulary anew on the public texts and let it serve, in transactions of its own.

    Returns: False where nothing changed, also when another process has just done the same.
    """
    from partnerships.matching.vocabulary import Vocabulary, parallel_texts

    with db.apart() as session:
        texts = _public_texts(session)
    vocabulary = Vocabulary.fit([*texts, *parallel_texts()])
    row = EngineLanguage(digest=vocabulary.digest, texts=len(texts), words=pack(vocabulary),
                         seen=b"".join(sorted({digest(text) for text in texts})))
    try:
        with db.apart(write=True) as session:
            session.add(row)
    except IntegrityError:
        return False
    return True
