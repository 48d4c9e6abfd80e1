"""The tokens of a line of the live log, and the years and amounts among them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from partnerships.conferences import speech
from partnerships.conferences.reading import Lexicon, Question, Reading, folded
from partnerships.core import amounts, money
from partnerships.core.filters import number

LONGEST = 400
YEARS = (1999, 2060)
NEED = r"[A-Za-z]{3}-(?:REC-)?\d{4}-\d{1,4}(?:-\d{1,4})?"
SPAN = r"(?:19|20)\d\d\s*(?:[-–—/]|\bto\b|\buntil\b)\s*(?:(?:19|20)\d\d|\d\d)(?![\d.,%])"
TOKEN = re.compile(
    rf"(?P<need>(?<![\w-]){NEED}(?![\w-]))|(?P<span>(?<![\d.,]){SPAN})|(?P<number>{amounts.NUMBER})"
    r"|(?P<mark>[$€£¥₹+&~≈])|(?P<word>[^\W\d_]+(?:[-'’.][^\W\d_]+)*)|(?P<other>[^\s,])", re.IGNORECASE)


@dataclass
class Token:
    """A piece of the line."""

    kind: str
    text: str
    start: int
    end: int
    used: bool = False

    @property
    def key(self) -> str:
        return folded(self.text)


class Sums:
    """A line being read: its tokens, and the steps that take years and amounts from them."""

    def __init__(self, line: str, lexicon: Lexicon) -> None:
        self.found = Reading(" ".join(line.split())[:LONGEST])
        self.lexicon = lexicon
        self.tokens: list[Token] = []
        self.several: tuple[Token, tuple[str, ...]] | None = None  # a word that several currencies share

    def ask(self, words: str, choices: Iterable[tuple[str, str]] = ()) -> None:
        """Put a question."""
        self.found.questions.append(Question(words, tuple(choices)))

    def instead(self, token: Token, text: str) -> str:
        """The line with another text in place of a token."""
        line = amounts.ascii_digits(self.found.line)
        return f"{line[:token.start]}{text}{line[token.end:]}" if line[token.start:token.end] == token.text else line

    @staticmethod
    def use(tokens: Iterable[Token]) -> None:
        """Mark tokens as understood."""
        for token in tokens:
            token.used = True

    def years(self) -> None:
        """Years: a span, or single numbers that can be nothing else."""
        years: list[int] = []
        for place, token in enumerate(self.tokens):
            if token.kind == "span":
                first, last = re.findall(r"\d+", token.text)
                years += [int(first), int(last) if len(last) == 4 else int(first[:2] + last)]
                token.used = True
            elif token.kind == "number" and self._is_year(place):
                years.append(int(token.text))
                token.used = True
        if not years:
            return
        if years != sorted(years):
            self.ask(_("The years are in the wrong order: %(years)s.", years=", ".join(map(str, years))))
        elif not YEARS[0] <= years[0] <= years[-1] <= YEARS[1]:
            self.ask(_("Use years between %(first)s and %(last)s.", first=YEARS[0], last=YEARS[1]))
        self.found.first_year, self.found.last_year = min(years), max(years)

    def _is_year(self, place: int) -> bool:
        token = self.tokens[place]
        if not re.fullmatch(r"(?:19[89]|20[0-6])\d", token.text):
            return False
        after = self.tokens[place + 1] if place + 1 < len(self.tokens) else None
        before = [self.tokens[other] for other in (place - 1, place - 2) if other >= 0]
        # A currency belongs to the number before it; only where there is none, to the one behind it.
        taken = len(before) == 2 and (before[1].kind == "number" or before[1].key in amounts.SCALES)
        priced = bool(after and self._currency_of(after)) or bool(before and self._currency_of(before[0]) and not taken)
        others = [one for one in self.tokens if one.kind == "number" and one is not token and not re.fullmatch(
            r"(?:19[89]|20[0-6])\d", one.text)]
        return not (after and after.key in amounts.SCALES) and (not priced or bool(others))

    def _currency_of(self, token: Token) -> tuple[str, ...]:
        """The currencies that a token may name."""
        if token.text in speech.SYMBOLS:
            return speech.SYMBOLS[token.text]
        if token.text.upper() in self.lexicon.currencies:
            return (token.text.upper(),)
        return speech.MONEY.get(token.key, ())

    def amount(self) -> None:
        """The one amount of the line, with its currency."""
        values: list[tuple[Token, Decimal]] = []
        for place, token in enumerate(self.tokens):
            if token.used:
                continue
            value = self._figures(place) if token.kind == "number" else self._spoken(place)
            if value is not None:
                values.append((token, value))
        if len(values) > 1:
            self.ask(_("Two amounts are named (%(amounts)s): log one line a pledge.",
                       amounts=", ".join(number(value) for _token, value in values)))
        if not values:
            return
        self.found.amount = values[0][1]
        if self.found.amount < 0:
            self.ask(_("An amount cannot be negative."))
        elif self.found.amount == 0:
            self.ask(_("The amount must be more than zero."))
        elif self.found.amount > money.LARGEST:
            self.ask(_("This is more than any mine action budget: check the number of zeros."))

    def _figures(self, place: int) -> Decimal | None:
        """A number with the scale and currency that stand beside it."""
        token = self.tokens[place]
        token.used = True
        scale, after = self._scale(place + 1)
        self._priced(place, after)
        try:
            return amounts.figures(token.text, scale)
        except amounts.Unclear as unclear:
            self.ask(str(unclear), [(number(one), self.instead(token, format((one / scale).normalize(), "f")))
                                    for one in unclear.readings])
        except ValueError as error:
            self.ask(str(error))
        return None

    def _scale(self, place: int) -> tuple[int, int]:
        """(what the word at a place multiplies by, the place after it); "3.5mnok" is parted in two."""
        if place >= len(self.tokens) or self.tokens[place].used:
            return 1, place
        token = self.tokens[place]
        if token.key in amounts.SCALES:
            token.used = True
            return amounts.SCALES[token.key], place + 1
        currency = token.text[-3:].upper()
        if len(token.text) > 3 and currency in self.lexicon.currencies and token.text[:-3].casefold() in amounts.SCALES:
            token.used, self.found.currency = True, currency
            return amounts.SCALES[token.text[:-3].casefold()], place + 1
        return 1, place

    def _spoken(self, place: int) -> Decimal | None:
        """ "two million", "half a million": number words that a scale ends."""
        run = []
        for token in self.tokens[place:]:
            if token.used or token.key not in amounts.WORDS:
                break
            run.append(token)
        scale, after = self._scale(place + len(run)) if run else (1, place)
        value = amounts.words([token.key for token in run]) if scale > 1 else None
        if value is None:
            return None
        self.use(run)
        self._priced(place, after)
        return value * scale

    def _priced(self, place: int, after: int) -> None:
        """The currency beside an amount: behind it, else before it."""
        for beside in (after, place - 1):
            if not 0 <= beside < len(self.tokens) or self.tokens[beside].used:
                continue
            token = self.tokens[beside]
            meant = self._currency_of(token)
            if meant:
                token.used = True
                self._choose_currency(token, meant)
                return

    def _choose_currency(self, token: Token, meant: tuple[str, ...]) -> None:
        if len(meant) == 1:
            self.found.currency = meant[0]
            if token.text in ("$", "¥") or token.key in speech.MONEY:
                self.found.guesses.append(_("“%(word)s” is read as %(currency)s.", word=token.text, currency=meant[0]))
        else:
            self.several = (token, meant)
