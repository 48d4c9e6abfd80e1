"""The draft coach: what a need gives that partners decide by, each rule with its reason and its points of one hundred.

Every rule is a small function over a need's content, so that a draft, a change and a published version are judged alike.
The coach never blocks: it says what is missing, why that matters, and what it is worth.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l

from partnerships.needs import content
from partnerships.needs.content import Content
from partnerships.needs.states import Age, Disability, Sex

LONG_ENOUGH = 150  # characters of a summary: about two sentences
DENSE = 60  # the same where a character is a word
STANDS = timedelta(days=182)  # a donor's decision takes half a year
CLOSE = Decimal("0.01")  # cost lines add up to a year's amount within one per cent: they are rounded
SCRIPTS = {"ar": "ARABIC", "ru": "CYRILLIC", "zh": "CJK"}
# Numbers in words say as much as figures do; the languages of the register that write them apart.
_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve dozen hundred thousand million "
    "deux trois quatre cinq six sept huit neuf dix onze douze cent mille "
    "dos tres cuatro cinco seis siete ocho nueve diez once doce cien mil "
    "dois duas três quatro sete oito nove dez onze doze cem "
    "два две три четыре пять шесть семь восемь девять десять сто тысяча")
NUMBERS = frozenset(_NUMBERS.split())
# Phrases that fit every need, and therefore say nothing of this one.
VAGUE = re.compile(
    r"\b(?:any (?:kind of )?(?:support|assistance|help)|all (?:kinds|forms) of (?:support|assistance|help)"
    r"|(?:support|assistance|help) (?:is )?(?:needed|required) in general|general (?:support|assistance)"
    r"|various (?:needs|activities|projects)|further (?:support|assistance) (?:is )?(?:needed|required)"
    r"|as appropriate|as (?:needed|required)|and so on|et ?c\b|tout type d['’](?:aide|appui|assistance)"
    r"|cualquier (?:tipo de )?(?:apoyo|ayuda|asistencia)|qualquer (?:tipo de )?(?:apoio|ajuda|assistência))",
    re.IGNORECASE)


@dataclass(frozen=True)
class Draft:
    """A content on a day, as the rules read it: texts without margins, lines as Python values."""

    content: Content
    today: date

    def text(self, name: str) -> str:
        """A text of the content, or an empty one."""
        return str(self.content.get(name) or "").strip()

    def lines(self, name: str) -> list[dict[str, Any]]:
        """The lines of a kind, as Python values."""
        return content.lines(self.content, name)

    def day(self, name: str) -> date | None:
        """A date of the content."""
        value = self.content.get(name)
        return date.fromisoformat(value) if value else None

    @cached_property
    def amounts(self) -> list[dict[str, Any]]:
        """The years that ask for something."""
        return [row for row in self.lines("amounts") if row["amount"] > 0]


def has_number(text: str) -> bool:
    """Whether a text names a number, in figures of any script or in words."""
    return any(mark.isdigit() for mark in text) or not NUMBERS.isdisjoint(re.findall(r"\w+", text.lower()))


def title_is_concrete(need: Draft) -> bool:
    """The title has a number, or names the place."""
    title = need.text("title")
    places = [word for word in re.findall(r"\w+", need.text("place").lower()) if len(word) > 2 or not word.isascii()]
    return has_number(title) or any(word in title.lower() for word in places)


def summary_is_concrete(need: Draft) -> bool:
    """The summary is two sentences or more, with at least one number."""
    summary = need.text("summary")
    least = DENSE if need.content.get("language") == "zh" else LONG_ENOUGH
    return len(summary) >= least and has_number(summary)


def words_are_its_own(need: Draft) -> bool:
    """Neither title nor summary falls back on phrases that fit every need."""
    return bool(need.text("summary")) and not VAGUE.search(f"{need.text('title')}\n{need.text('summary')}")


def says_what(need: Draft) -> bool:
    """Thematic area and kinds of assistance are chosen."""
    return bool(need.content.get("theme") and need.content.get("kinds"))


def names_place(need: Draft) -> bool:
    """A province, district or area is named."""
    return bool(need.text("place"))


def serves_obligation(need: Draft) -> bool:
    """It names the obligation it serves."""
    return bool(need.content.get("article"))


def has_deadline(need: Draft) -> bool:
    """It has a deadline."""
    return need.day("deadline") is not None


def amounts_are_yearly(need: Draft) -> bool:
    """Amounts stand by single years, not over a span."""
    return bool(need.amounts) and all(row["first_year"] == row["last_year"] for row in need.amounts)


def covers_its_years(need: Draft) -> bool:
    """It gives several years, or its deadline comes before a second one."""
    years = {year for row in need.amounts for year in (row["first_year"], row["last_year"])}
    until = need.day("deadline")
    return len(years) > 1 or bool(years and until and until.year <= max(years))


def shows_own_share(need: Draft) -> bool:
    """The State's own share is given in a year, or explained."""
    return any(row["national_share"] > 0 for row in need.amounts) or bool(need.text("national_note"))


def costs_add_up(need: Draft) -> bool:
    """Costs by kind add up to the amount of every year."""
    found: dict[int, Decimal] = {}
    for line in need.lines("costs"):
        found[line["year"]] = found.get(line["year"], Decimal(0)) + line["amount"]
    asked = {row["first_year"]: row["amount"] for row in need.amounts}
    return bool(asked) and found.keys() == asked.keys() and all(
        abs(found[year] - amount) <= amount * CLOSE for year, amount in asked.items())


def says_what_is_covered(need: Draft) -> bool:
    """It says who covers what already, or explains that nobody does."""
    return bool(need.lines("covered") or need.text("national_note"))


def names_plan(need: Draft) -> bool:
    """It names, or links to, the plan it comes from."""
    return bool(need.text("plan_title") or need.text("plan_url"))


def weighs_risks(need: Draft) -> bool:
    """It names risks and assumptions."""
    return bool(need.text("risks"))


def analyses_gender(need: Draft) -> bool:
    """It has an analysis of gender and diversity."""
    return bool(need.text("gender_analysis"))


def lasts(need: Draft) -> bool:
    """It says what remains afterwards, and who carries it on."""
    return bool(need.text("sustainability"))


def says_channel(need: Draft) -> bool:
    """It says through whom help may come."""
    return bool(need.content.get("channels"))


def has_contact(need: Draft) -> bool:
    """An office is named, with an e-mail address."""
    return bool(need.text("contact_name")) and "@" in need.text("contact_email")


def stands_long_enough(need: Draft) -> bool:
    """It stands for half a year at least."""
    until = need.day("valid_until")
    return until is not None and until >= need.today + STANDS


def language_is_right(need: Draft) -> bool:
    """The text is written in the script of the language that it is said to be in."""
    language = need.text("language")
    letters = [unicodedata.name(mark, "") for mark in need.text("title") + need.text("summary") if mark.isalpha()]
    script = SCRIPTS.get(language, "LATIN")
    return bool(language and letters) and sum(name.startswith(script) for name in letters) * 2 > len(letters)


def says_who_benefits(need: Draft) -> bool:
    """It says who benefits, with a number."""
    return has_number(need.text("beneficiaries"))


def has_work_plan(need: Draft) -> bool:
    """Every line of the work plan names an area and what is to be released there."""
    work = need.lines("work")
    return bool(work) and all(line["area"].strip() and line["cancelled_m2"] + line["reduced_m2"] + line["cleared_m2"] > 0
                              for line in work)


def splits_areas(need: Draft) -> bool:
    """Every area is measured as suspected or as confirmed, with what lies in it."""
    work = need.lines("work")
    return bool(work) and all(line["suspected_m2"] + line["confirmed_m2"] > 0 and line["contamination"] for line in work)


def counts_people(need: Draft) -> bool:
    """It says how many people it is to reach."""
    return bool(need.lines("people"))


def splits_by_sex_and_age(need: Draft) -> bool:
    """The people it is to reach are split by sex and by age group."""
    people = need.lines("people")
    return any(line["sex"] is not Sex.ALL for line in people) and any(line["age"] is not Age.ALL for line in people)


def splits_by_disability(need: Draft) -> bool:
    """The people it is to reach are split by disability."""
    return any(line["disability"] is not Disability.ALL for line in need.lines("people"))


def has_programme(need: Draft) -> bool:
    """The parts of Article 6.7 on which help is asked for are described."""
    return any(line["text"].strip() for line in need.lines("programme"))


@dataclass(frozen=True)
class Rule:
    """One rule. `name` is what it asks for, as in "they gave …"; `points` are the same for all needs, or by family.

    `part` names the permission without which a reader may not learn whether another State's need keeps the rule.
    """

    key: str
    name: Any
    words: Any
    reason: Any
    points: int | Mapping[str, int]
    holds: Callable[[Draft], bool]
    part: str = "needs.view"

    def worth(self, family: str) -> int:
        """Its points for a need of this family; 0 where it does not apply."""
        return self.points if isinstance(self.points, int) else self.points.get(family, 0)


AMOUNTS, DETAILS = "needs.view-amounts", "needs.view-details"
LAND, PEOPLE, PROGRAMME, OTHER = "land", "people", "programme", "other"
RULES = (
    Rule("title", _l("a title with a figure or the place"), _l("Put a figure or the place into the title."),
         _l("Partners read the title first, and many read nothing else."), 5, title_is_concrete),
    Rule("summary", _l("a summary with figures"), _l("Say in two sentences or more what will change, with a figure."),
         _l("Without a figure nobody can tell how large the need is, or when it is met."), 5, summary_is_concrete),
    Rule("plain", _l("a summary without general phrases"),
         _l("Replace phrases that would fit every need by what this one is about."),
         _l("General statements of need are passed over: nothing in them can be funded."), 3, words_are_its_own),
    Rule("theme", _l("the thematic area and the kinds of assistance"), _l("Choose the thematic area and the kinds of assistance."),
         _l("Partners are found by both."), 2, says_what),
    Rule("place", _l("the place"), _l("Name the province, district or area."),
         _l("Donors look for places where they already work or have people."), 4, names_place),
    Rule("obligation", _l("the obligation it serves"), _l("Choose the obligation it serves."),
         _l("It ties the need to what your State has undertaken, and to its reports."), 4, serves_obligation),
    Rule("deadline", _l("a deadline"), _l("Give the deadline it has to meet."),
         _l("Urgency counts in the ranking of partners, and a need without a date can always wait."), 4, has_deadline),
    Rule("amounts", _l("an amount for each year"), _l("Give an amount for each single year."),
         _l("Without yearly amounts, donors that give several years cannot plan."), 8, amounts_are_yearly, AMOUNTS),
    Rule("years", _l("amounts for several years"), _l("Give the years until the work is done or the deadline comes."),
         _l("Many donors commit for several years: one year alone hides what comes after it."), 5, covers_its_years, AMOUNTS),
    Rule("share", _l("the national share"), _l("Give what the State itself covers, or say why it cannot."),
         _l("A share of one's own shows ownership, for which many donors ask."), 5, shows_own_share, AMOUNTS),
    Rule("costs", _l("a cost per year and kind"), _l("Split each year's amount into costs by kind, until they add up to it."),
         _l("Many donors pay for some kinds of cost only, and check how an amount was reached."), 6, costs_add_up, AMOUNTS),
    Rule("covered", _l("what is covered already and by whom"),
         _l("List what is covered already and by whom; where nothing is, say so in the note on the national contribution."),
         _l("Donors join others more easily than they go alone, and do not want to pay twice."), 3, says_what_is_covered, AMOUNTS),
    Rule("plan", _l("the plan it comes from"), _l("Name the plan or the extension request it comes from, best with a link."),
         _l("A plan shows that the need is a step of something larger; donors ask for it first."), 4, names_plan),
    Rule("work", _l("a work plan by area"), _l("Give the areas by year, each with what is to be cancelled, reduced and cleared."),
         _l("The Oslo Action Plan asks for costed work plans with the areas to be addressed each year (action 19)."),
         {LAND: 9}, has_work_plan, DETAILS),
    Rule("areas", _l("suspected and confirmed areas"),
         _l("Split the areas into suspected and confirmed, and say what lies in them."),
         _l("The Oslo Action Plan asks for both, apart and by type of contamination (action 22): survey and clearance cost "
            "differently."), {LAND: 5}, splits_areas, DETAILS),
    Rule("programme", _l("the parts of the national programme"), _l("Say for which parts of the national programme help is asked."),
         _l("Article 6.7 names six parts; partners help with one or two of them, seldom with all."),
         {PROGRAMME: 12}, has_programme, DETAILS),
    Rule("beneficiaries", _l("the number of those who will benefit"), _l("Say who will benefit, with a number."),
         _l("Donors have to report whom their money reaches."),
         {LAND: 3, PEOPLE: 4, PROGRAMME: 4, OTHER: 10}, says_who_benefits),
    Rule("people", _l("the people it is to reach in groups"), _l("Count the people it is to reach, in groups."),
         _l("What is counted beforehand can be reported afterwards."),
         {LAND: 3, PEOPLE: 10, PROGRAMME: 4, OTHER: 8}, counts_people, DETAILS),
    Rule("sex-age", _l("people by sex and age group"), _l("Split the people by sex and by age group."),
         _l("Women, girls, boys and men are at risk in different ways, and donors report by group."),
         {LAND: 3, PEOPLE: 6, PROGRAMME: 3, OTHER: 4}, splits_by_sex_and_age, DETAILS),
    Rule("disability", _l("people by disability"), _l("Say how many of the people have a disability."),
         _l("Without it nobody can see whether survivors and other persons with disabilities are reached."),
         {LAND: 1, PEOPLE: 4, PROGRAMME: 1, OTHER: 2}, splits_by_disability, DETAILS),
    Rule("risks", _l("risks and assumptions"), _l("Name the risks, and what you take for granted."),
         _l("Donors assess risks anyway; a need that names them is assessed sooner."), 3, weighs_risks, DETAILS),
    Rule("gender", _l("a gender and diversity analysis"), _l("Say how the needs of women, girls, boys and men differ here."),
         _l("The Oslo Action Plan asks that these needs inform every programme (action 3)."), 3, analyses_gender, DETAILS),
    Rule("lasting", _l("what remains afterwards"), _l("Say who carries it on, and what remains after completion."),
         _l("Donors ask what their help leaves behind."), 3, lasts, DETAILS),
    Rule("channel", _l("the channel"), _l("Say through whom help may come."),
         _l("Some donors give through organisations only, some directly only (Article 6.3 and 6.4)."), 2, says_channel),
    Rule("contact", _l("an office to ask"), _l("Name an office with an e-mail address."),
         _l("A donor that finds nobody to ask goes on to the next need."), 3, has_contact),
    Rule("valid", _l("a date half a year ahead until which it stands"), _l("Let it stand for half a year at least."),
         _l("A donor's decision takes months; a need past its date leaves matching."), 2, stands_long_enough),
    Rule("language", _l("the language it is written in"), _l("Choose the language that the text is written in."),
         _l("Partners are also found by language, and screen readers read aloud by it."), 2, language_is_right),
)


@dataclass(frozen=True)
class Remark:
    """What one rule found: its name, what to do, why it matters, what it is worth, and whether it is done."""

    key: str
    name: Any
    words: Any
    reason: Any
    points: int
    done: bool
    part: str


@dataclass(frozen=True)
class Review:
    """What all rules that apply found. `points` of one hundred, the sum of those that are done."""

    points: int
    found: tuple[Remark, ...]

    @property
    def missing(self) -> list[Remark]:
        """What is not done yet, what is worth most first."""
        return sorted((one for one in self.found if not one.done), key=lambda one: -one.points)

    @property
    def done(self) -> list[Remark]:
        """What is done, in the order of the form."""
        return [one for one in self.found if one.done]


def family(of: Content) -> str:
    """Which of the theme-dependent rules apply, and for how much."""
    if of.get("article") == "6.7":
        return PROGRAMME
    return {"survey-clearance": LAND, "victim-assistance": PEOPLE, "risk-education": PEOPLE}.get(of.get("theme") or "", OTHER)


def review(of: Content, today: date | None = None) -> Review:
    """What a content gives, and what it still lacks.

    Arguments: of, content as `needs.content.snapshot` gives it (what it lacks counts as empty); today, for the date
    until which it stands. Returns: the review, its points of 100.
    """
    need, kind = Draft(of, today or date.today()), family(of)
    found = tuple(Remark(rule.key, rule.name, rule.words, rule.reason, rule.worth(kind), rule.holds(need), rule.part)
                  for rule in RULES if rule.worth(kind))
    return Review(sum(one.points for one in found if one.done), found)
