"""`flask matching bench`: how fast the engine answers, beside its peers, and how well across languages.

It needs no database: the register is made up (`matching.synthetic`), the same at every run.
"""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from partnerships.matching import Matcher, synthetic

SIZES = (10_000, 100_000, 1_000_000)  # of --growth
QUESTIONS_TO_SLOW = 40
ROUNDS = 3  # each way is asked everything so often, and the quickest answer counts: the machine has other work too
ENCODED = 2_000  # texts that are really encoded without --encode-all
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")


@click.command("bench")
@click.option("--needs", type=click.IntRange(1), default=100_000, show_default=True, help="How many needs to make up.")
@click.option("--queries", type=click.IntRange(20), default=200, show_default=True, help="How many texts to ask with.")
@click.option("--peers", default="all", show_default=True, help="all, none, or names separated by commas.")
@click.option("--encode-all", is_flag=True, help="Encode the meaning of every text; otherwise of a sample, mixed for the rest.")
@click.option("--growth", is_flag=True, help="Measure the engine alone at 10,000, 100,000 and 1,000,000 needs.")
@click.option("--languages", is_flag=True, help="Measure the parallel texts across six languages instead of speed.")
@click.option("--json", "out", type=click.Path(path_type=Path, dir_okay=False), help="Where to write the figures.")
def command(
    needs: int, queries: int, peers: str, encode_all: bool, growth: bool, languages: bool, out: Path | None
) -> None:
    """Measure the engine on a made-up register, in this one process, on one thread."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        if languages:
            report = across_languages()
        elif growth:
            report = {"sizes": {str(size): speed(size, queries, (), encode_all) for size in SIZES}}
            report["growth"] = _growth(report["sizes"])
        else:
            report = speed(needs, queries, _chosen(peers), encode_all)
    click.echo(json.dumps(report, indent=1) if languages else table(report))
    if out:
        out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _chosen(peers: str) -> tuple[str, ...]:
    from partnerships.cli.bench_peers import PEERS

    names = {"all": tuple(PEERS), "none": ()}.get(peers) or tuple(name for name in peers.split(",") if name != "none")
    if unknown := set(names) - PEERS.keys():
        raise click.ClickException(f"There is no peer {', '.join(sorted(unknown))}; there are {', '.join(PEERS)}.")
    return names


def speed(needs: int, queries: int, peers: Sequence[str], encode_all: bool = False) -> dict[str, Any]:
    """Measure the engine and its peers over so many needs.

    Returns milliseconds by way (`p50_ms`, `p99_ms`), the share of the exact top 10 that each finds (`agreement`),
    seconds to build (`build_s` in all, `parts_s`), resident megabytes once the engine stands (`rss_mb`), and how many
    questions each was asked (`asked`).
    """
    from partnerships.matching import synthetic

    click.echo(f"Making up {needs:,} needs and 300 partners ...", err=True)
    register = synthetic.register(needs)
    report: dict[str, Any] = {"needs": needs, "p50_ms": {}, "p99_ms": {}, "agreement": {}, "parts_s": {}, "asked": {}}
    _engine(register, report, queries, encode_all)
    gc.collect()
    _texts(register, report, queries, peers)
    report["build_s"] = round(sum(report["parts_s"][part] for part in ("vocabulary", "engine")), 2)
    return report


def _engine(register: synthetic.Register, report: dict[str, Any], queries: int, encode_all: bool) -> None:
    """Build the whole engine and ask it."""
    from partnerships.matching import Matcher, meaning
    from partnerships.matching.likeness import Language, text_of
    from partnerships.matching.vocabulary import Vocabulary

    texts = [text_of(need) for need in register.needs] + [text_of(offer) for offer in register.offers]
    vocabulary = _timed(report, "vocabulary", lambda: Vocabulary.fit(texts))
    encoder = meaning.load()
    vectors = _timed(report, "meaning", lambda: _vectors(texts, encoder, encode_all))
    language = Language(vocabulary, encoder, vectors)
    matcher = _timed(report, "engine", lambda: Matcher.fit(
        register.gifts, register.partners, register.offers, register.needs, today=register.today, language=language))
    report["rss_mb"] = round(_resident_mb())
    partners = [partner.ref for partner in register.partners]
    some = partners[:: max(1, len(partners) // queries)]
    for name, times in engine_queries(matcher, some).items():
        _record(report, name, times)


def engine_queries(matcher: Matcher, partners: Sequence[str]) -> Mapping[str, list[float]]:
    """Ask for the ten best needs of each partner, explained; return the seconds of each question, by name of way.

    `engine_first` is a partner's first question, `engine` a later one, when what it needs of the partner is at hand.
    """

    def ask() -> list[float]:
        return [_asked(lambda one: matcher.needs_for(one, limit=10), ref)[0] for ref in partners]

    return {"engine_first": ask(), "engine": ask()}


def _texts(register: synthetic.Register, report: dict[str, Any], queries: int, peers: Sequence[str]) -> None:
    """Index the needs' words and ask our own search and its peers, with the texts of offers."""
    from partnerships.cli import bench_peers
    from partnerships.matching.index import Index
    from partnerships.matching.likeness import text_of
    from partnerships.matching.search import full_scan
    from partnerships.matching.vocabulary import Vocabulary

    documents = {need.ref: text_of(need) for need in register.needs}
    vocabulary = Vocabulary.fit(documents.values())
    index = _timed(report, "text", lambda: Index.build(documents, vocabulary))
    texts = [documents[key] for key in index.base.keys]
    asked = [text_of(offer) for offer in register.offers][:queries]
    _record(report, "analysis", [_asked(index.query, text)[0] for text in asked])
    questions = bench_peers.questions(index, asked)
    exact = [full_scan(index.base, question.ready.words) for question in questions]
    for name in ("text", *peers):
        peer = partial({**bench_peers.PEERS, "text": bench_peers.ours}[name], index, texts)
        search = _timed(report, f"{name}_search", peer)
        some = questions[:QUESTIONS_TO_SLOW] if name in bench_peers.SLOW else questions
        rounds = [[_asked(search, question) for question in some] for _ in range(ROUNDS)]
        _record(report, name, [min(seconds for seconds, _ in same) for same in zip(*rounds, strict=True)])
        found = [answer for _, answer in rounds[0]]
        shares = [_share(cosines, rows) for cosines, rows in zip(exact, found, strict=False)]
        report["agreement"][name] = round(sum(shares) / len(shares), 4)
        del search
        gc.collect()


def _share(cosines: Any, rows: Sequence[int]) -> float:
    """Return the share of the exact top 10 that was found; a row that ties with the tenth counts as found."""
    import numpy as np

    wanted = min(10, int((cosines > 0).sum()))
    if not wanted:
        return 1.0
    tenth = np.partition(cosines, -wanted)[-wanted]
    return float((cosines[list(rows)] >= tenth - 1e-6).sum()) / wanted


def _vectors(texts: Sequence[str], encoder: Any, encode_all: bool) -> dict[str, Any]:
    """Return meanings by text digest: of a sample the real ones, of the rest mixtures of two of these."""
    import numpy as np

    from partnerships.matching.meaning import rounded, text_digest

    if encoder is None:
        return {}
    names = list(dict.fromkeys(text_digest(text) for text in texts))
    if encode_all or len(names) <= ENCODED:
        return {}  # the engine encodes them itself
    click.echo(f"Meaning: {ENCODED:,} texts are encoded, {len(names) - ENCODED:,} get mixtures of these.", err=True)
    step = len(texts) // ENCODED
    real = encoder.encode(texts[: step * ENCODED : step])
    chance = np.random.default_rng(2026)
    found: dict[str, Any] = {}
    for at in range(0, len(names), 10_000):
        part = names[at : at + 10_000]
        first, second = chance.integers(len(real), size=(2, len(part)))
        mixed = rounded(real[first] + np.float32(0.5) * real[second]).astype(np.float16)
        found.update(zip(part, mixed, strict=True))
    return found


def across_languages() -> dict[str, Any]:
    """Find each parallel text in each other language, and see how far a list keeps to its own language.

    Returns by way (words, meaning, fused as the engine does for similar needs): `p_at_1`, over every pair of
    languages; `own_language_share` of the ten likest, where `pool_share` would show no preference.
    """
    import numpy as np

    from partnerships.matching import meaning, synthetic
    from partnerships.matching.engine import MEANING_SHARE, WORDS_SHARE
    from partnerships.matching.index import Index
    from partnerships.matching.likeness import meaning_percents, word_percents
    from partnerships.matching.vocabulary import Vocabulary

    items = synthetic.parallel_texts()
    documents = {f"{number:02d} {code}": item[code] for number, item in enumerate(items) for code in LANGUAGES}
    index = Index.build(documents, Vocabulary.fit(documents.values()), meaning.load())
    rows = index.rows(documents)
    queries = [index.query_of(key) for key in documents]
    words = np.array([word_percents(index.word_likeness(query, rows)) for query in queries], np.float64)
    alike = np.array([meaning_percents(index.meaning(query, rows)) for query in queries], np.float64)
    fused = (WORDS_SHARE * words + MEANING_SHARE * alike) / (WORDS_SHARE + MEANING_SHARE)
    pool = (len(items) - 1) / (len(documents) - 1)
    report: dict[str, Any] = {"texts": len(documents), "languages": len(LANGUAGES), "pool_share": round(pool, 4)}
    for name, likeness in (("words", words), ("meaning", alike), ("fused", fused)):
        report[name] = {"p_at_1": _first(likeness), "own_language_share": _own(likeness)}
    return report


def _first(likeness: Any) -> float:
    """Over every ordered pair of languages: how often the likest text of the other language is the same item.

    A tie for the first place counts as a miss.
    """
    import numpy as np

    count = len(LANGUAGES)
    items, hits = len(likeness) // count, []
    for row in range(len(likeness)):
        for other in set(range(count)) - {row % count}:
            there = likeness[row, other::count]
            own = there[row // count]
            hits.append(own > np.delete(there, row // count).max(initial=-1))
    assert len(hits) == items * count * (count - 1)
    return round(float(np.mean(hits)), 4)


def _own(likeness: Any) -> float:
    """The share of the ten likest other texts that are in the text's own language."""
    import numpy as np

    count, shares = len(LANGUAGES), []
    for row in range(len(likeness)):
        order = [other for other in np.argsort(-likeness[row], kind="stable") if other != row][:10]
        shares.append(np.mean([other % count == row % count for other in order]))
    return round(float(np.mean(shares)), 4)


def table(report: Mapping[str, Any]) -> str:
    """The figures as lines to read."""
    if "sizes" in report:
        parts = [table(one) for one in report["sizes"].values()]
        return "\n\n".join([*parts, "\n".join(f"growth of {name}: {text}" for name, text in report["growth"].items())])
    lines = [f"{report['needs']:,} needs", f"{'':20}{'p50 ms':>10}{'p99 ms':>10}{'agreement':>11}{'asked':>7}"]
    for name, p50 in report["p50_ms"].items():
        agreement = f"{report['agreement'][name]:.3f}" if name in report["agreement"] else "-"
        lines.append(f"{name:20}{p50:10.3f}{report['p99_ms'][name]:10.3f}{agreement:>11}{report['asked'][name]:7}")
    built = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in report["parts_s"].items())
    about = f"Words: one search from a text made ready (analysis), the quickest of {ROUNDS}."
    return "\n".join([*lines, f"built: {built}; resident {report['rss_mb']} MB with the engine", about])


def _growth(sizes: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Say how each figure grew from step to step."""
    reports = list(sizes.values())
    figures: dict[str, Callable[[Mapping[str, Any]], float]] = {
        "text p50": lambda one: one["p50_ms"]["text"],
        "engine p50": lambda one: one["p50_ms"]["engine"],
        "build": lambda one: one["build_s"],
        "memory": lambda one: one["rss_mb"],
    }
    return {
        name: ", ".join(f"{later['needs'] // one['needs']} x needs = {read(later) / read(one):.1f} x"
                        for one, later in pairwise(reports))
        for name, read in figures.items()
    }


def _timed(report: dict[str, Any], part: str, make: Callable[[], Any]) -> Any:
    begin = time.perf_counter()
    made = make()
    report["parts_s"][part] = round(time.perf_counter() - begin, 3)
    return made


def _asked(ask: Callable[[Any], Any], question: Any) -> tuple[float, Any]:
    """Return how many seconds an answer took, and the answer."""
    begin = time.perf_counter()
    answer = ask(question)
    return time.perf_counter() - begin, answer


def _record(report: dict[str, Any], name: str, times: Sequence[float]) -> None:
    import numpy as np

    p50, p99 = np.percentile(times, (50, 99)) * 1000
    report["p50_ms"][name], report["p99_ms"][name] = round(float(p50), 4), round(float(p99), 4)
    report["asked"][name] = len(times)


def _resident_mb() -> float:
    """Return the memory this process holds now; its peak where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * 4096 / 2**20
