"""The evaluator of the standard's ruleset finds what is wrong: a test that cannot fail proves nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from lxml import etree

from tests.support.iati import CHECKS, _rules, broken, faults, there

pytestmark = there
GOOD = """<iati-activities version="2.03"><iati-activity xml:lang="en" default-currency="USD">
<iati-identifier>AA-1</iati-identifier><reporting-org ref="AA" type="40"><narrative>A</narrative></reporting-org>
<title><narrative>T</narrative></title><description><narrative>D</narrative></description>
<participating-org role="1" type="10"><narrative>Norway</narrative></participating-org><activity-status code="2"/>
<activity-date type="1" iso-date="2024-01-01"/><activity-date type="3" iso-date="2025-01-01"/>
<recipient-country code="KH"/><sector vocabulary="1" code="15250"/>
<sector vocabulary="99" vocabulary-uri="https://a.example" code="a" percentage="50"><narrative>A</narrative></sector>
<sector vocabulary="99" vocabulary-uri="https://a.example" code="b" percentage="50"><narrative>B</narrative></sector>
<budget type="1" status="1"><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
<value value-date="2024-01-01">5</value></budget>
<transaction><transaction-type code="3"/><transaction-date iso-date="2024-02-01"/><value value-date="2024-02-01">5</value>
<provider-org><narrative>Norway</narrative></provider-org></transaction></iati-activity></iati-activities>"""
SOON = (date.today() + timedelta(30)).isoformat()
WRONG = [
    ("AA-1", "AA", "1.1.3"), ("AA-1", "BB-1", "1.1.21"), ("AA-1", "AA-1|2", "1.3.13"), ("AA-1", " AA-1", "1.3.1"),
    ('<activity-date type="1" iso-date="2024-01-01"/>', "", "6.11.1"), ('<recipient-country code="KH"/>', "", "3.7.1"),
    ('<sector vocabulary="1" code="15250"/>', "", "102.1.1"), ('code="b" percentage="50"', 'code="b" percentage="40"', "2.1.2"),
    ('code="b" percentage="50"', 'code="b"', "2.1.1"), ('code="b" percentage="50"', 'code="b" percentage="150"', "12.3.1"),
    ("<narrative>B</narrative></sector>", "</sector>", "2.2.1"),
    ('<sector vocabulary="1" code="15250"/>', '<sector code="1"/>' * 2, "2.1.1"),
    ('<recipient-country code="KH"/>',
     '<recipient-country code="KH" percentage="60"/><recipient-country code="LA" percentage="30"/>', "3.1.2"),
    ('iso-date="2024-02-01"', f'iso-date="{SOON}"', "11.2.1"), ('value-date="2024-02-01"', f'value-date="{SOON}"', "11.2.2"),
    ('iso-date="2025-01-01"', 'iso-date="2023-01-01"', "11.1.2"),
    ('type="1" iso-date', f'type="2" iso-date="{SOON}"/><activity-date type="1" iso-date', "11.1.4"),
    ('iso-date="2024-12-31"', 'iso-date="2025-12-31"', "7.5.3"),
    (' default-currency="USD"', "", "7.8.1"), (' xml:lang="en"', "", "4.1.1"),
    (' default-currency="USD"', f' default-currency="USD" last-updated-datetime="{SOON}T00:00:00Z"', "11.1.1"),
    ("<title><narrative>T</narrative>", "<title><narrative/>", "4.3.1"),
    ("<provider-org><narrative>Norway</narrative>", "<provider-org>", "6.9.1"),
    ("<budget", '<default-aid-type vocabulary="2" code="1"/><budget', "107.1.1"),
]


def _read(text: str):
    return etree.fromstring(text).getroottree()


def test_a_good_file_breaks_nothing_but_the_prefix():
    assert faults(_read(GOOD)) == [] and broken(_read(GOOD)) == {"1.14.8"}


@pytest.mark.parametrize(("old", "new", "rule"), WRONG, ids=[f"{rule}-{number}" for number, (_o, _n, rule) in enumerate(WRONG)])
def test_each_rule_is_seen_when_it_is_broken(old, new, rule):
    assert old in GOOD
    assert rule in broken(_read(GOOD.replace(old, new, 1)))


def test_every_kind_of_rule_is_known_and_the_schema_refuses_another_order():
    kinds = {kind for rules in _rules().values() for kind in rules} | {
        kind for rules in _rules().values() for case in rules.get("loop", {"cases": []})["cases"] for kind in case["do"]}
    assert kinds - {"loop"} <= set(CHECKS)
    assert faults(_read(GOOD.replace('<activity-status code="2"/>', "").replace("<budget", '<activity-status code="2"/><budget')))
