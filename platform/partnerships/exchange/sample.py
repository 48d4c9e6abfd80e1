"""The template to download: headings in the reader's language, one example that is never read, and what each column means."""

from __future__ import annotations

import csv
import io
from datetime import date

import xlsxwriter
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from partnerships.exchange.columns import label
from partnerships.exchange.headings import FIELDS

NOTES = {
    "ref": _l("Empty for a new record. The reference of a record here (for example KHM-2026-014) changes that record."),
    "external_id": _l("Your own number for the row, so that a later import finds it again."),
    "country": _l("Name of the State in any of the six languages of the United Nations, or its code of three letters."),
    "title": _l("At most 160 characters: what is to be done, and where."),
    "summary": _l("A few sentences."),
    "theme": _l("One thematic area for a need; several for an offer, parted by commas. Codes: survey-clearance, risk-education, "
                "victim-assistance, stockpile-destruction, retained-mines, national-measures, transparency-reporting, "
                "information-management, national-capacity, gender-diversity, research-technology."),
    "kinds": _l("Parted by commas: money, equipment, expertise, training, technology, exchange."),
    "place": _l("Province, district or area."),
    "year": _l("The year of the amount, or a span such as 2027-2029 where there is one amount for all of it."),
    "first_year": _l("Instead of the year: the first year of a span."),
    "last_year": _l("Instead of the year: the last year of a span."),
    "amount": _l("In figures. Further columns may name a year: Amount 2027, Amount 2028."),
    "national_share": _l("How much of the amount the State gives itself."),
    "currency": _l("Code of three letters of a currency in use, for example USD."),
    "deadline": _l("As 2027-12-31."),
    "valid_until": _l("As 2027-12-31."),
    "beneficiaries": _l("Who will benefit, in words. No names of people."),
    "contact_name": _l("The office or person to write to."),
    "contact_email": _l("Shown to signed-in people only."),
    "article": _l("The article that the need serves, for example 5 or 6.3."),
    "basis": _l("The document that states the need."),
    "source": _l("Web address of that document. The ISU must give it; a State may."),
    "amount_min": _l("Smallest amount that one request may receive."),
    "amount_max": _l("Largest amount that one request may receive."),
    "regions": _l("Names or M49 codes of regions, parted by commas. Empty means anywhere."),
    "countries": _l("States, parted by semicolons. Empty means any."),
    "languages": _l("Codes of languages you can work in, parted by commas, for example en, fr."),
    "quantities": _l("What there is, and how much."),
    "conditions": _l("What must be true before you can help."),
    "how_to_ask": _l("To whom to write, with what."),
    "donor": _l("Name of the State or organisation in any of the six languages of the United Nations, or its code."),
    "donor_code": _l("ISO 3166-1 alpha-3; empty for an organisation. It comes before the name, and may not contradict it."),
    "recipient": _l("Name of the State or area that received it."),
    "recipient_code": _l("ISO 3166-1 alpha-3; empty beside a name."),
    "sector": _l("As the source prints it, for example: Clearance and risk education. With year, donor and recipient it says "
                 "which contribution is meant."),
    "amount_usd": _l("As the source states it; nothing is converted."),
    "amount_national": _l("In the donor's own currency, which the next column names."),
    "list_complete": _l("yes, if the source lists all donors of this recipient and year: only then a missing pair means "
                        "that nothing was given."),
    "cross_check": _l("A remark of whoever made the file; a conflict is shown beside the row."),
    "flow_id": _l("The number of the flow in the financial tracking service, so that a later import finds it again."),
    "flow_status": _l("Only paid flows are taken: a commitment is not a payment."),
    "implementer": _l("Who carries it out, as the source names it."),
    "description": _l("What it is for, as the source says it."),
    "object": _l("need, programme (of a State), isu-work-plan, sponsorship, meeting-costs or fund."),
    "target": _l("The State whose programme it is for, or the reference of a published need."),
    "kind": _l("financial, in-kind or political. An amount in kind is kept as its valuation."),
    "condition": _l("For example: subject to approval by parliament."),
    "statement": _l("What the delegation said."),
    "approximate": _l("yes or no; “about 90,000” is understood too."),
    "earmarking": _l("none, soft, earmarked or tight."),
    "channel": _l("un, organisations, ngos, red-cross, bilateral, un-trust-fund, regional-funds or national."),
    "oda": _l("yes, no, partly or unknown: what the donor says, never inferred."),
}
# What a column means where it means something else than among needs.
OTHER_NOTES = {
    ("contributions", "year"): _l("The year in which it was given."),
    ("contributions", "source"): _l("Web address of the document that records it."),
    ("pledges", "year"): _l("The year of the pledge, or a span such as 2027-2029."),
    ("pledges", "theme"): _l("Thematic areas, parted by commas: see the codes in the template of needs."),
    ("pledges", "amount"): _l("In figures. Instead, a column a year: Amount 2027, Amount 2028."),
}
SHEETS = {"needs": "Needs", "offers": "Offers", "contributions": "Contributions", "pledges": "Pledges"}


def note(what: str, name: str) -> str:
    """What a column of the template means."""
    return str(OTHER_NOTES.get((what, name)) or NOTES[name])


def example(what: str) -> dict[str, str]:
    """One row that shows how a row looks. Its first cell says that it is not read."""
    year = date.today().year + 1
    shared = {"ref": "EXAMPLE " + _("(this row is not read)"), "title": _("Clearance of two minefields near schools"),
              "summary": _("What is to be done, for whom, and why now."), "theme": "survey-clearance", "kinds": "money, training",
              "currency": "USD", "valid_until": f"{year}-12-31", "contact_name": _("National mine action authority"),
              "contact_email": "contact@authority.example"}
    if what == "offers":
        return {**shared, "title": _("Support to survey and clearance"), "amount_min": "100000", "amount_max": "2000000",
                "languages": "en, fr"}
    if what == "contributions":
        return {"year": "EXAMPLE " + _("(this row is not read)"), "donor": "Norway", "donor_code": "NOR", "recipient": "Cambodia",
                "recipient_code": "KHM", "sector": "Clearance and risk education", "amount_usd": "125000.50",
                "amount_national": "1300000", "currency": "NOK", "list_complete": "yes",
                "source": "https://documents.example/support"}
    if what == "pledges":
        return {"donor": "EXAMPLE " + _("(this row is not read)"), "amount": "80000", "currency": "CHF", "object": "isu-work-plan",
                "kind": "financial", "year": str(year), "condition": _("Subject to approval by parliament"), "approximate": "yes",
                "earmarking": "none", "oda": "unknown"}
    return {**shared, "country": "KHM", "place": "Battambang", "year": str(year), "amount": "1250000.50",
            "national_share": "250000", "article": "5"}


def csv_of(what: str, language: str) -> bytes:
    """The template as CSV, with the mark by which spreadsheet programs know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out)
    row = example(what)
    writer.writerow([label(name, language) for name in FIELDS[what]])
    writer.writerow([row.get(name, "") for name in FIELDS[what]])
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(what: str, language: str) -> bytes:
    """The template as a workbook: the sheet to fill in, and the sheet that explains it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet, about = book.add_worksheet(SHEETS[what]), book.add_worksheet("About")
    if language == "ar":
        sheet.right_to_left()
        about.right_to_left()
    sheet.freeze_panes(1, 0)
    row = example(what)
    for place, name in enumerate(FIELDS[what]):
        sheet.write_string(0, place, label(name, language), bold)
        sheet.write_string(1, place, row.get(name, ""))
        sheet.set_column(place, place, max(14, len(label(name, language)) + 2))
        about.write_string(place, 0, label(name, language), bold)
        about.write_string(place, 1, note(what, name), wrapped)
    about.set_column(0, 0, 28)
    about.set_column(1, 1, 90)
    book.close()
    return out.getvalue()
