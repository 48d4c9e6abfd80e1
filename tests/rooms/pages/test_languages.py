"""Six languages: asked for in the address or kept with the account, carried on, and never guessed."""

from __future__ import annotations

import re

import pytest
from flask_babel import force_locale, ngettext

from partnerships.core import catalogues
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.core.languages import OWN_NAMES

PAGES = ("/", "/needs/", "/parties/KHM", "/insight/", "/accounts/sign-in", "/no-such-page", "/help")


def page(client, url: str) -> str:
    return client.get(url).get_data(as_text=True)


@pytest.mark.parametrize("code", OWN_NAMES)
def test_a_page_says_its_language_and_direction(visitor, code):
    for url in PAGES:
        direction = "rtl" if code == "ar" else "ltr"
        assert f'<html lang="{code}" dir="{direction}">' in page(visitor, f"{url}?lang={code}"), url


def test_what_a_browser_prefers_is_not_taken_for_a_wish(visitor):
    text = visitor.get("/", headers={"Accept-Language": "fr, ar;q=0.9"}).get_data(as_text=True)
    assert '<html lang="en" dir="ltr">' in text
    assert '<html lang="en"' in page(visitor, "/?lang=xx") and '<html lang="en"' in page(visitor, "/?lang=%00")


def test_every_address_of_a_page_goes_on_in_its_language(make, visitor):
    make.need("KHM")
    text = page(visitor, "/needs/?lang=fr&q=a")
    inside = [url for url in re.findall(r'(?:href|action)="(/[^"#]*)', text) if not url.startswith(("/static", "/feeds"))]
    lost = [url for url in inside if "lang=" not in url]
    forms = re.findall(r'<form[^>]*method="get".*?</form>', text, re.DOTALL)
    assert not lost, lost
    assert forms and all('name="lang" value="fr"' in form for form in forms)
    plain = re.sub(r'<nav class="languages".*?</nav>', "", page(visitor, "/needs/"), flags=re.DOTALL)
    plain = re.sub(r'<link rel="alternate" hreflang="[^>]*>', "", plain)  # for search engines, in every language
    assert "?lang=" not in plain and "&amp;lang=" not in plain


def test_the_menu_leads_to_this_page_in_each_language(visitor):
    text = page(visitor, "/needs/?theme=survey-clearance&lang=ru")
    menu = text.split('<nav class="languages"')[1].split("</nav>")[0]
    for code, words in OWN_NAMES.items():
        assert f'href="/needs/?theme=survey-clearance&amp;lang={code}"' in menu and words in menu
    assert 'hreflang="ru" aria-current="true"' in menu


def test_the_persons_own_language_stands_and_an_address_may_ask_for_another(make, sign_in):
    account = make.account(Role.FOCAL_POINT, "KHM")
    account.language = "es"
    db.session.commit()
    client = sign_in(account)
    assert '<html lang="es"' in page(client, "/desk/") and '<html lang="fr"' in page(client, "/desk/?lang=fr")


def test_a_person_chooses_the_language(sign_in):
    client = sign_in(Role.DONOR_OFFICER, "NOR")
    url = "/accounts/me/edit"
    assert client.post(url, data={**client.fields(url), "language": "ar"}).status_code == 303
    assert '<html lang="ar" dir="rtl">' in page(client, "/desk/")
    bad = client.post(url, data={**client.fields(url), "language": "xx"})
    assert bad.status_code == 422


def test_plurals_and_dates_are_those_of_the_language(make, visitor):
    for number in range(3):
        make.need("KHM", title=f"Need {number}")
    for code, forms in (("ru", 3), ("ar", 5), ("zh", 1), ("fr", 2)):
        with force_locale(code):
            said = [re.sub(r"[0-9]", "", ngettext("one open need", "%(num)s open needs", count)) for count in (1, 2, 3, 11, 100)]
        assert len(set(said)) == forms, (code, said)
    assert re.search(r"\d{1,2} (janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre) \d{4}",
                     page(visitor, "/?lang=fr"))
    assert re.search(r"\d{4}年\d{1,2}月\d{1,2}日", page(visitor, "/?lang=zh"))


def test_names_of_states_are_the_united_nations_own(visitor):
    for code, name in (("fr", "Cambodge"), ("es", "Camboya"), ("ar", "كمبوديا"), ("ru", "Камбоджа"), ("zh", "柬埔寨")):
        assert name in page(visitor, f"/parties/KHM?lang={code}").split("<h1>")[1].split("</h1>")[0]


def test_letters_are_in_the_language_of_their_reader(make, app):
    from partnerships.accounts import mails
    from partnerships.core import mail

    account = make.account(Role.FOCAL_POINT, "KHM")
    account.language = "fr"
    db.session.commit()
    with app.test_request_context("/?lang=ar"):
        mails.told(account, "password")
    db.session.commit()
    letter = db.session.query(mail.Mail).order_by(mail.Mail.id.desc()).first()
    assert letter.language == "fr"
    assert "/accounts/me" in letter.body and "lang=ar" not in letter.body


@pytest.mark.parametrize("code", catalogues.LANGUAGES)
def test_the_words_of_the_glossary_are_kept(visitor, code):
    glossary = (catalogues.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    column = ("fr", "es", "ar", "ru", "zh").index(code) + 3
    told = {cells[1].strip(): cells[column].strip() for line in glossary.splitlines()
            if line.startswith("| ") and len(cells := line.split("|")) > 7}
    catalogue = catalogues.read(code)
    for english, message in (("need", "Needs"), ("coverage", "Coverage"), ("deadline", "Deadline"), ("donor", "Donor")):
        own = catalogue.get(message) or next(one for one in catalogue if one.id == message)
        assert told[english].lower()[:2] in str(own.string).lower(), (message, own.string, told[english])
