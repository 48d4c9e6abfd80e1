"""The draft coach: its points always sum to a hundred, each rule says yes and no, and nothing typed makes it fail."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerships.core.visibility import Visibility
from partnerships.needs import coach, content
from partnerships.needs.coach import DETAILS, LAND, OTHER, PEOPLE, PROGRAMME, RULES, review
from partnerships.needs.states import Age, CostKind, Disability, Reached, Sex

TODAY = date(2026, 3, 1)
THEMES = ("survey-clearance", "risk-education", "victim-assistance", "stockpile-destruction", "national-capacity", "", None)


def whole(**changes: Any) -> content.Content:
    """A need on land that lacks nothing, as a form gives it; `changes` take its parts away."""
    values = {
        "title": "Clear 4 areas in Bavel", "summary": (
            "Three platoons release the last 12 confirmed areas of the district in two years. The land is allotted to "
            "farming families, who wait for it, and the authority checks the quality of every area before it is handed over."),
        "theme": "survey-clearance", "kinds": ("money",), "place": "Bavel", "article": "5", "deadline": date(2028, 6, 1),
        "beneficiaries": "4 200 people", "language": "en", "contact_name": "Authority", "contact_email": "a@example.org",
        "valid_until": TODAY + timedelta(days=300), "visibility": Visibility.PUBLIC, "channels": ("ngos",),
        "national_note": "The State pays the salaries.", "risks": "Floods.", "gender_analysis": "Women farm here.",
        "sustainability": "The authority keeps the teams.", "plan_title": "Work plan 2026",
        "amounts": [{"first_year": year, "last_year": year, "amount": Decimal(1000), "national_share": Decimal(100)}
                    for year in (2027, 2028)],
        "costs": [{"year": year, "kind": CostKind.STAFF, "amount": Decimal(1000), "note": ""} for year in (2027, 2028)],
        "covered": [{"by_whom": "Norway", "year": 2027, "amount": Decimal(10), "note": ""}],
        "work": [{"year": 2027, "area": "Bavel 1", "contamination": ("ap-mines",), "suspected_m2": 5, "confirmed_m2": 9,
                  "cancelled_m2": 1, "reduced_m2": 0, "cleared_m2": 8}],
        "people": [{"reached": Reached.AT_RISK, "sex": Sex.FEMALE, "age": Age.CHILDREN, "disability": Disability.WITH,
                    "number": 12}],
        "programme": [{"part": "a", "text": "Extent of the problem"}], **changes}
    return content.packed(values)


def missing(**changes: Any) -> list[str]:
    return [one.key for one in review(whole(**changes), TODAY).missing]


@pytest.mark.parametrize("family", [LAND, PEOPLE, PROGRAMME, OTHER])
def test_the_points_of_every_family_sum_to_a_hundred(family):
    assert sum(rule.worth(family) for rule in RULES) == 100
    assert len({rule.key for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(("theme", "article"), [(theme, article) for theme in THEMES for article in ("5", "6.7")])
def test_a_need_that_gives_everything_has_a_hundred_points_and_an_empty_one_none(theme, article):
    found = review(whole(theme=theme or "research-technology", article=article), TODAY)
    assert (found.points, found.missing) == (100, [])
    nothing = review({"theme": theme, "article": article}, TODAY)
    assert nothing.points == (4 if article else 0) and sum(one.points for one in nothing.found) == 100


# What each rule misses, and only it (with what hangs on the same words).
LACKING: list[tuple[str, dict[str, Any]]] = [
    ("title", {"title": "Clearance of hazardous areas"}),
    ("summary", {"summary": "Land for 12 families."}),
    ("summary", {"summary": "Platoons release the last confirmed areas of the district. " * 4}),
    ("theme", {"kinds": ()}), ("obligation", {"article": None}), ("deadline", {"deadline": None}),
    ("amounts", {"amounts": [
        {"first_year": year, "last_year": year + 1, "amount": Decimal(1000), "national_share": Decimal(100)}
        for year in (2027, 2028)]}),
    ("costs", {"costs": []}),
    ("costs", {"costs": [{"year": 2027, "kind": CostKind.STAFF, "amount": Decimal(1000), "note": ""}]}),
    ("costs", {"costs": [{"year": year, "kind": CostKind.STAFF, "amount": Decimal(989), "note": ""} for year in (2027, 2028)]}),
    ("plan", {"plan_title": ""}), ("risks", {"risks": " "}), ("gender", {"gender_analysis": ""}),
    ("lasting", {"sustainability": ""}), ("channel", {"channels": ()}), ("contact", {"contact_email": "nobody"}),
    ("valid", {"valid_until": TODAY + timedelta(days=181)}), ("valid", {"valid_until": None}), ("language", {"language": "ar"}),
    ("beneficiaries", {"beneficiaries": "Many people"}),
    ("covered", {"covered": [], "national_note": ""}),
    ("share", {"national_note": "", "amounts": [
        {"first_year": year, "last_year": year, "amount": Decimal(1000), "national_share": Decimal(0)} for year in (2027, 2028)]}),
]


@pytest.mark.parametrize(("key", "changes"), LACKING)
def test_a_rule_says_what_is_missing_and_costs_its_points(key, changes):
    assert missing(**changes) == [key]
    worth = next(rule for rule in RULES if rule.key == key).worth(LAND)
    assert review(whole(**changes), TODAY).points == 100 - worth


def test_one_year_is_enough_when_the_deadline_comes_before_a_second():
    one = [{"first_year": 2027, "last_year": 2027, "amount": Decimal(1000), "national_share": Decimal(100)}]
    assert "years" not in missing(amounts=one, deadline=date(2027, 12, 31))
    assert "years" in missing(amounts=one, deadline=date(2028, 1, 1)) and "years" in missing(amounts=one, deadline=None)


def test_cost_lines_may_be_rounded():
    costs = [{"year": year, "kind": CostKind.STAFF, "amount": Decimal(990), "note": ""} for year in (2027, 2028)]
    assert missing(costs=costs) == []


@pytest.mark.parametrize("phrase", ["Any kind of support is welcome.", "Further assistance is needed.", "Equipment, etc.",
                                    "Cualquier apoyo ayuda.", "GENERAL SUPPORT to the programme."])
def test_phrases_that_fit_every_need_are_flagged(phrase):
    summary = whole()["summary"]
    assert missing(summary=f"{summary} {phrase}") == ["plain"]
    assert missing(summary=f"{summary} Support to farmers, and what is needed for clearance.") == []


def test_numbers_count_in_words_and_in_the_figures_of_any_script():
    for text in ("Three teams", "Trois équipes", "٣ فرق", "Шесть групп", "12"):
        assert coach.has_number(text), text
    assert not coach.has_number("Several teams of oneness")


def test_the_place_in_the_title_is_concrete_enough_in_any_script():
    assert "title" not in missing(title="Clearance around Bavel", place="Bavel, Battambang")
    assert "title" not in missing(title="دعم المراكز في عدن", place="عدن")
    assert "title" in missing(title="Clearance of areas", place="of")  # a small word is no place


def test_a_text_in_another_script_than_its_language_is_noticed():
    arabic = {"title": "دعم ٣ مراكز", "summary": "تحتاج ثلاثة مراكز إلى مواد وأجهزة وتدريب " * 5 + "3"}
    assert "language" in missing(**arabic) and "language" not in missing(**arabic, language="ar")


@pytest.mark.parametrize(("key", "column", "value"), [
    ("sex-age", "sex", Sex.ALL), ("sex-age", "age", Age.ALL), ("disability", "disability", Disability.ALL)])
def test_people_are_split(key, column, value):
    line = {"reached": Reached.AT_RISK, "sex": Sex.FEMALE, "age": Age.CHILDREN, "disability": Disability.WITH, "number": 12}
    assert missing(people=[{**line, column: value}]) == [key]
    assert set(missing(people=[])) == {"people", "sex-age", "disability"}


@pytest.mark.parametrize(("key", "changes"), [
    ("work", {"area": " "}), ("work", {"cancelled_m2": 0, "cleared_m2": 0}), ("areas", {"contamination": ()}),
    ("areas", {"suspected_m2": 0, "confirmed_m2": 0})])
def test_every_line_of_the_work_plan_counts(key, changes):
    line = content.lines(whole(), "work")[0]
    assert missing(work=[line, {**line, **changes}]) == [key]


def test_work_counts_on_land_only_and_the_programme_for_article_6_7_only():
    assert "work" not in missing(theme="victim-assistance", work=[]) and "work" in missing(work=[])
    assert "programme" in missing(article="6.7", programme=[]) and "programme" not in missing(programme=[])


def test_rules_on_the_second_part_are_for_those_who_see_it():
    hidden = {rule.key for rule in RULES if rule.part == DETAILS}
    assert hidden == {"work", "areas", "programme", "people", "sex-age", "disability", "risks", "gender", "lasting"}
    assert {rule.key for rule in RULES if rule.part == coach.AMOUNTS} == {"amounts", "years", "share", "costs", "covered"}


TEXTS = st.text(max_size=60)
CONTENTS = st.fixed_dictionaries({}, optional={
    "title": TEXTS, "summary": TEXTS, "place": TEXTS, "beneficiaries": TEXTS, "theme": st.sampled_from(THEMES),
    "article": st.sampled_from(["5", "6.7", "", None]), "language": st.one_of(TEXTS, st.none()),
    "valid_until": st.one_of(st.none(), st.dates().map(date.isoformat)),
    "deadline": st.one_of(st.none(), st.dates().map(date.isoformat)),
    "amounts": st.lists(st.fixed_dictionaries({
        "first_year": st.integers(), "last_year": st.integers(), "amount": st.decimals(0, 10**15, places=3).map(str),
        "national_share": st.decimals(0, 10**15, places=3).map(str)}), max_size=3)})


@given(CONTENTS)
def test_whatever_is_typed_gets_between_nothing_and_a_hundred(of):
    found = review(of, TODAY)
    assert 0 <= found.points == sum(one.points for one in found.done) <= 100
    assert sum(one.points for one in found.found) == 100
    assert len(found.done) + len(found.missing) == len(found.found)
