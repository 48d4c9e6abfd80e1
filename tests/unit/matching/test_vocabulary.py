import math

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from partnerships.matching.synthetic import register
from partnerships.matching.text import words
from partnerships.matching.vocabulary import UNIT, Columns, Vocabulary

TEXTS = [f"{need.title}\n{need.text}" for need in register(60).needs]


def test_weights_are_those_of_scikit_learn_within_their_unit() -> None:
    theirs = TfidfVectorizer(analyzer=words, sublinear_tf=True).fit(TEXTS)
    vocabulary = Vocabulary.fit(TEXTS)
    assert vocabulary.words == tuple(theirs.get_feature_names_out())
    ours = vocabulary.vectors(TEXTS[:5], Columns(vocabulary))
    for row, vector in enumerate(theirs.transform(TEXTS[:5]).toarray()):
        part = slice(ours.starts[row], ours.starts[row + 1])
        assert ours.weights[part] == pytest.approx(vector[ours.columns[part]], abs=UNIT)
        assert len(ours.weights[part]) == np.count_nonzero(vector)


def test_weights_are_whole_multiples_that_float32_keeps() -> None:
    vocabulary = Vocabulary.fit(TEXTS)
    weights = vocabulary.vectors(TEXTS, Columns(vocabulary)).weights
    assert (weights / UNIT == np.rint(weights / UNIT)).all()
    assert (weights == weights.astype(np.float32)).all()


def test_a_text_weighs_the_same_alone_and_among_others_and_whatever_the_order_of_the_fit() -> None:
    first, second = Vocabulary.fit(TEXTS), Vocabulary.fit(reversed(TEXTS))
    assert first.digest == second.digest
    together = first.vectors(TEXTS, Columns(first))
    alone = second.vectors([TEXTS[7]], Columns(second))
    part = slice(together.starts[7], together.starts[8])
    assert (together.weights[part] == alone.weights).all()


def test_a_word_that_no_text_held_tells_most_and_gets_a_column_only_from_a_document() -> None:
    vocabulary = Vocabulary.fit(["survey rice", "survey school"])
    columns = Columns(vocabulary)
    asked = vocabulary.vectors(["xylophone survey"], columns)
    assert asked.columns.tolist() == [-1, columns.find("survey")]
    assert asked.weights[0] > asked.weights[1]
    assert vocabulary.idf[-1] == math.log(3) + 1
    assert len(columns) == 3
    kept = vocabulary.vectors(["xylophone survey"], columns, grow=True)
    assert kept.columns[0] == 3 == columns.find("xylophone")
    assert (kept.weights == asked.weights).all()
    assert columns.word(3) == "xylophone" and columns.new(4) == ("xylophone",) and columns.new(3) == ()


def test_no_texts_and_empty_texts_make_an_empty_vocabulary() -> None:
    for texts in ([], ["", "the of 12"]):
        vocabulary = Vocabulary.fit(texts)
        assert vocabulary.words == ()
        assert vocabulary.vectors(["survey"], Columns(vocabulary)).weights.tolist() == [1.0]
        assert vocabulary.vectors([""], Columns(vocabulary)).starts.tolist() == [0, 0]


def test_common_words_are_no_reason_once_there_are_enough_texts() -> None:
    assert Vocabulary.fit(["survey rice"] * 19).lowest_shown == 0
    vocabulary = Vocabulary.fit(["survey rice"] * 6 + ["survey"] * 8 + ["school"] * 6)
    assert vocabulary.idf_of(np.array([vocabulary.columns["rice"]]))[0] >= vocabulary.lowest_shown
    assert vocabulary.idf_of(np.array([vocabulary.columns["survey"]]))[0] < vocabulary.lowest_shown
