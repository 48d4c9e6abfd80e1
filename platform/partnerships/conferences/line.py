"""Reading a line of the live log: "nor 3.5m nok 2027-2029 clearance khm". Pure: words in, what they mean out.

Nothing is guessed in silence: what is assumed stands among the `guesses`, what can be read in two ways, or not at all, among
the `questions`; a line with questions is not logged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from partnerships.conferences import speech
from partnerships.conferences.reading import Lexicon, Reading
from partnerships.conferences.speech import LITTLE
from partnerships.conferences.sums import LONGEST, TOKEN, YEARS, Sums, Token
from partnerships.core import amounts, money
from partnerships.pledges.states import PledgeKind, PledgeObject

__all__ = ("LONGEST", "YEARS", "conditional", "read", "shown_guesses")


def read(line: str, lexicon: Lexicon, default: PledgeObject = PledgeObject.ISU_WORK_PLAN) -> Reading:
    """Read a line.

    Arguments: lexicon, the names that are known; default, what a pledge is for when the line does not say (what the last one
    was for). Returns: the reading, with its guesses and questions.
    """
    return _Reader(line, lexicon, default).read()


def conditional(text: str) -> bool:
    """Whether a text begins as a condition does."""
    return re.match(speech.CONDITION, text, re.IGNORECASE) is not None


class _Reader(Sums):
    """One line being read: each step takes the tokens that it understands."""

    def __init__(self, line: str, lexicon: Lexicon, default: PledgeObject) -> None:
        super().__init__(line, lexicon)
        self.default = default

    def read(self) -> Reading:
        rest = self._cut(amounts.ascii_digits(self.found.line))
        self.tokens = [Token(str(one.lastgroup), one.group(), one.start(), one.end()) for one in TOKEN.finditer(rest)]
        for step in (self._vocabulary, self.years, self.amount, self._parties, self._left, self._settle, self._whole):
            step()
        return self.found

    def _cut(self, line: str) -> str:
        """Take the statement (after a semicolon, or in quotation marks) and the condition off the end."""
        quoted = re.search(r'[“"«](.+?)[”"»]', line)
        if quoted:
            self.found.statement = quoted[1].strip()
            line = line[:quoted.start()] + " " + line[quoted.end():]
        line, _mark, said = line.partition(";")
        self.found.statement = self.found.statement or said.strip()
        condition = re.search(speech.CONDITION, line, re.IGNORECASE)
        if condition:
            self.found.condition = line[condition.start():].strip(" ,.")
            line = line[:condition.start()]
        return line

    # What is said by words alone

    def _vocabulary(self) -> None:
        """Needs, objects, kinds, themes and the other fixed words."""
        found = self.found
        for token in self.tokens:
            if token.kind == "need":
                token.used = True
                if found.need:
                    self.ask(_("Two needs are named: log one line a need, or both on the page of a pledge."))
                found.need = token.text.upper()
        self._take(speech.CHANNELS, "channel")
        self._take(speech.EARMARKING, "earmarking")
        self._take(speech.ODA, "oda")
        self._take(speech.KINDS, "kind")
        self._take(speech.OBJECTS, "object")
        self._take(speech.NATURES, "in_kind")
        for theme, said in speech.THEMES.items():
            if any(self._phrase(words) for words in sorted(said, key=len, reverse=True)):
                found.themes.append(theme)
        found.approximate = any(self._phrase(words) for words in speech.ABOUT) or self._mark("~≈")
        found.per_year = any(self._phrase(words) for words in speech.PER_YEAR)

    def _take(self, table: Mapping[Any, Sequence[str]], name: str) -> None:
        """The first entry of a table that the line says, longest words first."""
        pairs = sorted(((words, value) for value, said in table.items() for words in said), key=lambda one: -len(one[0]))
        for words, value in pairs:
            if (name != "object" or not self._leads(words)) and self._phrase(words):
                setattr(self.found, name, value)
                return

    def _leads(self, words: str) -> bool:
        """Whether the line begins with these words: who pledges stands first, and the ISU does not pledge to itself."""
        return bool(self.tokens) and self.tokens[0].key == words

    def _phrase(self, words: str) -> bool:
        """Take a sequence of words, wherever it stands."""
        wanted = words.split()
        for place in range(len(self.tokens) - len(wanted) + 1):
            run = self.tokens[place:place + len(wanted)]
            joined = " ".join(token.key for token in run)
            if joined == words and not any(token.used for token in run):
                self.use(run)
                return True
        single = next((token for token in self.tokens if not token.used and token.key == words and " " in words), None)
        if single is not None:  # "in-kind" is one token of two words
            self.use([single])
        return single is not None

    def _mark(self, marks: str) -> bool:
        found = [token for token in self.tokens if token.kind == "mark" and token.text in marks]
        self.use(found)
        return bool(found)

    # Who, and for whom

    def _parties(self) -> None:
        """Donor first, joined ones with a plus, then the State it is for."""
        named: list[tuple[str, bool]] = []
        for place, token in enumerate(self.tokens):
            if token.used or token.kind not in ("word", "mark"):
                continue
            if token.kind == "mark":
                token.used = token.text in "+&"
                continue
            found = self._party(place, first=not named)
            if found:
                joined = place > 0 and bool(named) and self._joins(place)
                named.append((found, joined))
        for ref, joined in named:
            self._named(ref, joined)

    def _joins(self, place: int) -> bool:
        before = self.tokens[place - 1]
        return before.text in ("+", "&") or (before.key == "and" and not self.found.recipient)

    def _named(self, ref: str, joined: bool) -> None:
        found = self.found
        if not found.donor:
            found.donor = ref
        elif joined and not found.recipient and ref not in (found.donor, *found.partners):
            found.partners.append(ref)
        elif found.recipient:
            self.ask(_("Three parties are named: who pledges comes first, then the State it is for; those who pledge together "
                       "are joined with “+”."))
        elif ref == found.donor:
            self.ask(_("A State cannot pledge to itself; its own part is the national share."))
        elif ref not in self.lexicon.states:
            self.ask(_("%(name)s is no State: a programme is a State's. To say through whom it goes, write “via”, or put it after "
                       "a semicolon.", name=self.lexicon.titles.get(ref, ref)))
        else:
            found.recipient = ref

    def _party(self, place: int, first: bool) -> str:
        """The party whose name begins at a place; its tokens are taken."""
        words = self.tokens[place:place + self.lexicon.longest]
        for length in range(len(words), 0, -1):
            run = words[:length]
            if any(token.used or token.kind not in ("word",) for token in run):
                continue
            key = " ".join(token.key for token in run)
            if length == 1 and key in speech.SAID_OF_TWO:
                return self._which(run, frozenset(speech.SAID_OF_TWO[key]))
            refs = self.lexicon.names.get(key, frozenset())
            if refs and not (length == 1 and self._only_a_word(run[0], first)):
                return self._which(run, refs)
        return ""

    @staticmethod
    def _only_a_word(token: Token, first: bool) -> bool:
        return token.text.upper() in speech.ALSO_WORDS and not first and not token.text.isupper()

    def _which(self, run: Sequence[Token], refs: frozenset[str]) -> str:
        self.use(run)
        if len(refs) == 1:
            return next(iter(refs))
        shown = sorted((self.lexicon.titles.get(ref, ref), ref) for ref in refs)[:5]
        self.ask(_("“%(typed)s” may be %(names)s.", typed=" ".join(token.text for token in run),
                   names=", ".join(name for name, _ref in shown)),
                 [(name, self.instead(Token("word", self.found.line[run[0].start:run[-1].end], run[0].start, run[-1].end), ref))
                  for name, ref in shown])
        return ""

    # What is left, and what follows from it all

    def _left(self) -> None:
        """Words that nothing has taken: the beginning of a name, little words, or what is not understood."""
        for place, token in enumerate(self.tokens):
            if token.used or token.key in LITTLE or token.key == "and" or token.text in "-–—/.:":
                continue
            begun = self.lexicon.begins(token.key) if token.kind == "word" and len(token.key) > 2 else frozenset()
            if not begun:
                self.ask(_("“%(word)s” is not understood: take it out, or put it after a semicolon as the statement.",
                           word=token.text))
                continue
            ref = self._which([token], begun)
            if ref:
                self.found.guesses.append(_("“%(word)s” is read as %(name)s.", word=token.text,
                                            name=self.lexicon.titles.get(ref, ref)))
                self._begun(ref, place)

    def _begun(self, ref: str, place: int) -> None:
        """A party known by the beginning of its name: first in the line it is the donor, whoever was taken for it before."""
        found = self.found
        if found.donor and not found.recipient and not any(token.used and token.kind == "word" for token in self.tokens[:place]):
            earlier, found.donor = found.donor, ref
            self._named(earlier, joined=False)
        else:
            self._named(ref, joined=bool(place) and self._joins(place))

    def _settle(self) -> None:
        """The object, the kind and the currency, where the line leaves them open."""
        found = self.found
        simple = found.object
        if found.need or found.recipient:
            if simple is not None:
                self.ask(_("Both a State and “%(object)s” are named: log one line for each.",
                           object=str(simple.value).replace("-", " ")))
            found.object = PledgeObject.NEED if found.need else PledgeObject.PROGRAMME
        elif simple is None:
            found.object = self.default
            found.guesses.append("object")
        if found.in_kind and found.kind is PledgeKind.FINANCIAL:
            if found.amount is None:
                found.kind = PledgeKind.IN_KIND
            else:
                found.in_kind = None
                found.guesses.append(_("Read as money; write “in kind” if it is not."))
        self._settle_currency()

    def _settle_currency(self) -> None:
        found, own = self.found, self.lexicon.own.get(self.found.donor, "")
        if found.amount is None or found.currency:
            return
        if self.several is not None:
            token, meant = self.several
            if own in meant:
                found.currency = own
                found.guesses.append(_("“%(word)s” is read as %(currency)s.", word=token.text, currency=own))
            else:
                self.ask(_("“%(word)s” may be several currencies: which one?", word=token.text),
                         [(code, self.instead(token, code)) for code in meant])
        elif own:
            found.currency = own
            found.guesses.append(_("No currency is named: read as %(currency)s, the donor's own.", currency=own))
        else:
            self.ask(_("Say in which currency the amount is."))

    def _whole(self) -> None:
        """What a pledge cannot do without."""
        found = self.found
        if not found.donor and not any(one.choices for one in found.questions):
            self.ask(_("Who pledges? Begin with a State or organisation."))
        if found.amount is None and found.kind is PledgeKind.FINANCIAL and not found.questions:
            self.ask(_("Give the amount; or write “in kind” or “political”."))
        if found.amount is not None and found.kind is PledgeKind.POLITICAL:
            self.ask(_("A political pledge has no amount: put the words after a semicolon."))
        if found.per_year and not found.first_year:
            self.ask(_("For which years is this amount each year?"))
        if found.amount and found.currency and not money.fits(found.amount, found.currency):
            self.ask(_("%(currency)s has fewer decimals than this.", currency=found.currency))


def shown_guesses(reading: Reading, labels: Mapping[PledgeObject, object]) -> Iterator[str]:
    """The guesses of a reading, in words."""
    for one in reading.guesses:
        yield _("Nothing says what it is for: read as “%(object)s”.", object=str(labels[reading.object])) if (
            one == "object" and reading.object) else one
