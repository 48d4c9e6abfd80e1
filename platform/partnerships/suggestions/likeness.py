"""How alike pairs of short texts read: by words, by meaning across languages, by letters. Over texts only, no records."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from partnerships.suggestions import kept

MOST_MEANT = 1000  # texts whose meaning is read, some ten milliseconds each; beyond them words and letters serve alone
REMEMBERED = 20_000


def of_pairs(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """The likeness of each pair in [0, 1]: the largest of the cosine of words, the cosine of meaning, the share of letters.

    The vocabulary is the one that comes with the platform, so that an answer depends on the two texts only.
    """
    from partnerships.matching.likeness import Language
    from partnerships.matching.meaning import text_digest

    if not pairs:
        return []
    texts = list(dict.fromkeys(text for pair in pairs for text in pair))
    language = kept.shipped()
    if len(texts) > MOST_MEANT:
        language = Language(language.vocabulary, None)
    elif len(language.vectors) > REMEMBERED:
        language.vectors.clear()
    index = language.index({str(number): text for number, text in enumerate(texts)})
    place = {text: number for number, text in enumerate(texts)}
    asked: dict[str, list[int]] = {}
    for number, (left, _right) in enumerate(pairs):
        asked.setdefault(left, []).append(number)
    found = [0.0] * len(pairs)
    for left, numbers in asked.items():
        query = index.query(left, language.vectors.get(text_digest(left)))
        rows = index.rows(str(place[pairs[number][1]]) for number in numbers)
        words, meaning = index.word_likeness(query, rows), index.meaning(query, rows)
        for number, word, mean in zip(numbers, words, meaning, strict=True):
            letters = fuzz.token_sort_ratio(left.casefold(), pairs[number][1].casefold()) / 100
            found[number] = round(max(float(word), float(mean), letters), 2)
    return found
