import threading
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnerships.matching import search
from partnerships.matching.index import Index
from partnerships.matching.meaning import UNIT
from partnerships.matching.search import full_scan
from partnerships.matching.synthetic import register
from partnerships.matching.vocabulary import Vocabulary

WORDS = ["survey", "rice", "school", "prosthesis", "enquête", "أرض", "мины", "地雷", "xylophone", "the", "2024"]
KEYS = [f"need {number}" for number in range(9)]
texts = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
worlds = st.dictionaries(st.sampled_from(KEYS), texts, max_size=9)
VOCABULARY = Vocabulary.fit(["survey rice", "survey school", "enquête prosthesis", "мины", "地雷 survey", "أرض"])


class Letters:
    """An encoder for tests: what a text means is how often it holds each of five letters."""

    name, dimensions = "letters", 5

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        counts = np.array([[text.count(letter) for letter in "aeioy"] for text in texts], np.float32).reshape(-1, 5)
        lengths = np.linalg.norm(counts, axis=1, keepdims=True)
        return (np.rint(counts / np.where(lengths > 0, lengths, 1) / UNIT) * UNIT).astype(np.float32)


def answers(index: Index, text: str) -> list:
    """Everything an index says of a text, by key."""
    keys = sorted(index.key(row) for row in np.flatnonzero(index.alive).tolist())
    rows = index.rows(keys)
    found, cosines = index.cosines(text)
    return [
        index.top(text, 3),
        index.top(text, 100),
        sorted((index.key(row), cosine) for row, cosine in zip(found.tolist(), cosines.tolist(), strict=True)),
        dict(zip(keys, index.word_likeness(text, rows).tolist(), strict=True)),
        dict(zip(keys, index.meaning(text, rows).tolist(), strict=True)),
        dict(zip(keys, index.meaning(text)[rows].tolist(), strict=True)),
        {key: index.shared_words(text, key) for key in keys},
    ]


@given(worlds, worlds, st.sets(st.sampled_from(KEYS)), worlds, texts)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_changes_give_what_building_anew_gives(
    first: dict[str, str], changed: dict[str, str], removed: set[str], again: dict[str, str], text: str
) -> None:
    index = Index.build(first, VOCABULARY, Letters())
    before = answers(index, text)
    late = index.updated(changed, removed - changed.keys()).updated(again)
    documents = {key: one for key, one in (first | changed).items() if key not in removed - changed.keys()} | again
    whole = answers(Index.build(documents, VOCABULARY, Letters()), text)
    assert answers(late, text) == whole
    assert answers(late.compacted(), text) == whole
    assert late.compacted().delta_share == 0 and len(late) == len(documents) == len(late.compacted())
    assert answers(index, text) == before


@given(worlds, st.randoms(use_true_random=False), texts)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_order_of_documents_leaves_no_trace(documents: dict[str, str], chance, text: str) -> None:
    items = list(documents.items())
    chance.shuffle(items)
    one, other = (Index.build(found, VOCABULARY) for found in (documents, dict(items)))
    assert answers(one, text) == answers(other, text)


@given(texts, texts, st.integers(1, 3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_irrelevant_word_never_makes_a_document_more_alike(document: str, text: str, times: int) -> None:
    index = Index.build({"a": document, "b": document + " zanzibar" * times}, VOCABULARY)
    without, with_it = index.word_likeness(text, index.rows(["a", "b"]))
    assert with_it <= without


NEEDS = {need.ref: f"{need.title}\n{need.text}" for need in register(1_500).needs}
LARGE = Index.build(NEEDS, Vocabulary.fit(NEEDS.values()))
QUESTIONS = [f"{offer.title}\n{offer.text}" for offer in register(1).offers[:60]] + list(NEEDS.values())[:40]


def by_full_scan(index: Index, text: str, limit: int, allowed: np.ndarray | None = None) -> list[tuple[str, float]]:
    scores = full_scan(index.base, index.query(text).words)
    found = [(index.key(row), min(1.0, score)) for row, score in enumerate(scores.tolist())
             if score > 0 and (allowed is None or allowed[row])]
    return sorted(found, key=lambda item: (-item[1], item[0]))[:limit]


@pytest.mark.parametrize("limit", [1, 10, 200, 5_000])
def test_the_pruned_search_is_the_full_scan(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LITTLE", 0)
    monkeypatch.setattr(search, "FEW", 0.1)
    for text in QUESTIONS[::3]:
        assert LARGE.top(text, limit) == by_full_scan(LARGE, text, limit)


def test_the_pruned_search_leaves_most_postings_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LITTLE", 0)
    monkeypatch.setattr(search, "READY", 0.6)
    read = []
    whole = type(LARGE.base).sums
    monkeypatch.setattr(type(LARGE.base), "sums", lambda block, columns, weights: (
        read.append(int(np.isin(block.arrays["columns"], columns).sum())) or whole(block, columns, weights)))
    asked = 0
    for text in QUESTIONS:
        asked += int(np.isin(LARGE.base.arrays["columns"], LARGE.query(text).words.columns).sum())
        LARGE.top(text, 5)
    assert sum(read) < 0.7 * asked


@pytest.mark.parametrize("share", [0.0, 0.005, 0.3, 1.0])
@pytest.mark.parametrize("little", [0, 10**9])
def test_only_allowed_rows_are_found(share: float, little: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "LITTLE", little)
    allowed = np.random.default_rng(7).random(LARGE.size) < share
    for text in QUESTIONS[::9]:
        assert LARGE.top(text, 10, allowed) == by_full_scan(LARGE, text, 10, allowed)


def test_a_document_is_asked_for_as_its_text_would_be() -> None:
    key = next(iter(NEEDS))
    ready, fresh = LARGE.query_of(key), LARGE.query(NEEDS[key])
    assert LARGE.top(ready) == LARGE.top(fresh)
    assert LARGE.top(ready)[0] == (key, pytest.approx(1, abs=1e-6))


def test_shared_words_are_real_reasons_and_their_shares_are_of_the_whole() -> None:
    documents = {"a": "survey of rice fields", "b": "survey survey school"}
    index = Index.build(documents, Vocabulary.fit(documents.values()))
    shares = index.shared_words("rice survey in a xylophone", "a")
    assert [word for word, _ in shares] == ["rice", "survey"]
    assert sum(share for _, share in shares) == pytest.approx(1, abs=1e-3)
    assert index.shared_words("xylophone", "a") == () == index.shared_words("", "a")
    common = Index.build({"a": "survey rice"}, Vocabulary.fit(["survey"] * 30 + ["rice"]))
    ((word, share),) = common.shared_words("survey rice", "a")
    assert word == "rice" and 0.5 < share < 1


def test_unknown_keys_are_refused() -> None:
    index = Index.build({"a": "survey"}, VOCABULARY).updated({}, ["a", "nobody"])
    assert "a" not in index and len(index) == 0
    for call in (lambda: index.rows(["a"]), lambda: index.query_of("b"), lambda: index.shared_words("x", "a")):
        with pytest.raises(KeyError):
            call()


@pytest.mark.parametrize("text", ["", "x", "12 2024", "💣", "\x00\ud800", "the of", "survey " * 50_000])
def test_an_empty_and_a_small_index_take_any_text(text: str) -> None:
    for documents in ({}, {"a": ""}, {"a": text, "b": "survey rice"}):
        index = Index.build(documents, VOCABULARY, Letters())
        assert len(index.meaning(text)) == index.size
        assert len(index.cosines(text)[0]) == len(index.top(text, 10))


def test_the_same_need_pasted_500_times_is_ordered_by_key() -> None:
    index = Index.build({f"N{number:03d}": "survey of rice fields" for number in range(500)}, VOCABULARY)
    assert [key for key, _ in index.top("rice survey", 10)] == [f"N{number:03d}" for number in range(10)]


def test_known_vectors_are_not_made_again() -> None:
    class Refusing(Letters):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            assert not list(texts)
            return super().encode(texts)

    from partnerships.matching.meaning import text_digest

    vectors = {text_digest("survey"): np.array([1, 0, 0, 0, 0], np.float16)}
    index = Index.build({"a": "survey"}, VOCABULARY, Refusing(), vectors)
    query = index.query("rice", np.array([0.5, 0, 0, 0, 0], np.float32))
    assert index.meaning(query).tolist() == [0.5]
    assert index.updated({"b": "survey"}, (), vectors).meaning(query).tolist() == [0.5, 0.5]


def test_threads_may_bring_new_words_at_once() -> None:
    base = Index.build({"base": "survey"}, VOCABULARY)
    made: dict[int, Index] = {}

    def change(number: int) -> None:
        new = " ".join(f"{a}{b}{chr(97 + number)}" for a in "abcdefgh" for b in "ijklmnop")
        made[number] = base.updated({f"n{number}": f"{new} xylophone"})

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, index in made.items():
        alone = Index.build({"base": "survey"}, VOCABULARY)
        new = " ".join(f"{a}{b}{chr(97 + number)}" for a in "abcdefgh" for b in "ijklmnop")
        alone = alone.updated({f"n{number}": f"{new} xylophone"})
        text = f"aij{chr(97 + number)} xylophone ai{chr(97 + number)}"
        assert answers(index, text) == answers(alone, text)
        assert len({index.columns.find(word) for made_index in [index] for word in new.split()}) == 64
