"""The search: what is found, in which words and languages, in which order, and what a reader must not learn from it."""

from __future__ import annotations

import re

from sqlalchemy import event, select

from partnerships.core.actor import Role
from partnerships.core.db import current_engine, db
from partnerships.core.search import SearchWord, folded
from partnerships.core.visibility import Visibility
from partnerships.needs.models import Need
from partnerships.needs.states import NeedStatus
from partnerships.searches import index
from partnerships.searches.words import understood


def refs(client, query: str) -> list[str]:
    """The references that a search shows, in their order."""
    answer = client.get(f"/searches/?{query}")
    assert answer.status_code == 200, answer.headers.get("Location")
    text = answer.get_data(as_text=True)
    main = text[text.index("<main"):]
    return re.findall(r'<span class="ref">([^<]+)</span>', main)


def test_words_are_folded_alike_in_every_script():
    assert folded("Déminage, Łódź") == ["deminage", "lodz"]
    assert folded("地雷清除") == ["地雷", "雷清", "清除"]
    assert folded("الألغام") == folded("ألغام") and folded("مُضَادّة") == folded("مضادة")
    assert folded("Ёлка \ud800 _") == ["елка"] and folded("x" * 99) == ["x" * 40]


def test_the_longest_term_is_understood_as_one():
    terms = understood(folded("victim assistance in Colombia"))
    assert [term.typed for term in terms] == [("victim", "assistance"), ("colombia",)]
    assert ("aide", "aux", "victimes") in terms[0].others
    assert [term.typed for term in understood(["in"])] == [("in",)], "what is only a binding word is looked for as it is"


def test_one_box_finds_every_kind_by_the_beginning_of_words(make, visitor):
    need, offer = make.need("KHM", title="Prostheses for Battambang"), make.offer("NOR", title="Prostheses workshop")
    meeting = make.meeting("KHM", title="Prostheses in Cambodia", visibility=Visibility.PUBLIC)
    assert set(refs(visitor, "q=prosthes")) == {need.ref, offer.ref, meeting.ref}
    assert refs(visitor, "q=prosthes&kind=offer") == [offer.ref]
    assert refs(visitor, "q=prostheses+battambang") == [need.ref]
    assert refs(visitor, "q=cambod&kind=party") == ["KHM"]
    assert refs(visitor, "q=prostheses+nowhere-at-all") == []


def test_whole_words_of_titles_come_before_beginnings_and_texts(make, visitor):
    text = make.need("KHM", title="Support to hospitals", summary="They ask for a quagga.")
    beginning = make.need("AGO", title="Quaggas in the plain")
    whole = make.need("COL", title="A quagga for each province")
    assert refs(visitor, "q=quagga") == [whole.ref, beginning.ref, text.ref]


def test_a_state_is_found_by_its_name_in_any_language(make, visitor):
    need = make.need("KHM")
    for query in ("camboya", "Камбоджа", "柬埔寨", "كمبوديا", "CAMBODGE"):
        assert need.ref in refs(visitor, f"q={query}&kind=need"), query


def test_a_term_of_the_field_is_found_in_any_language_and_the_page_says_so(make, visitor):
    need = make.need("KHM", title="Clearance along the border")
    for query in ("déminage", "desminado", "разминирование", "扫雷", "demining", "إزالة الألغام"):
        text = visitor.get(f"/searches/?q={query}").get_data(as_text=True)
        assert need.ref in text and "Also looked for:" in text, query


def test_a_misspelt_word_is_replaced_by_the_nearest_in_sight_and_said(make, visitor):
    need = make.need("KHM", title="Okapi protection")
    text = visitor.get("/searches/?q=okapu").get_data(as_text=True)
    assert need.ref in text and "Nothing for “okapu”; shown for “okapi”." in text
    assert "Nothing for" not in visitor.get("/searches/?q=okapi").get_data(as_text=True)
    nothing = visitor.get("/searches/?q=zzzzzzzz").get_data(as_text=True)
    assert "Use fewer words" in nothing and "Nothing for" not in nothing


def test_a_hidden_record_is_neither_found_nor_counted_nor_proposed(make, visitor, sign_in):
    shown = make.need("AGO", title="Zeppelin hangar")
    hidden = make.need("KHM", title="Zeppelim xylograph", visibility=Visibility.ISU)
    draft = make.need("KHM", NeedStatus.DRAFT, title="Zeppelin xylophone")
    assert refs(visitor, "q=zeppelin") == [shown.ref]
    assert refs(visitor, "q=xylograph") == []
    for typed in ("xylograpf", "xylophome"):
        text = visitor.get(f"/searches/?q={typed}").get_data(as_text=True)
        assert "xylograph”" not in text and "xylophone”" not in text and "Nothing for" not in text
    assert "(1)" in visitor.get("/searches/?q=zeppelin").get_data(as_text=True)
    assert "(2)" not in visitor.get("/searches/?q=zeppelin").get_data(as_text=True)
    isu, focal, other = sign_in(Role.ISU_OFFICER), sign_in(Role.FOCAL_POINT, "KHM"), sign_in(Role.FOCAL_POINT, "COL")
    assert set(refs(isu, "q=xylograph")) == {hidden.ref}
    assert set(refs(focal, "q=xylo")) == {hidden.ref, draft.ref}
    assert refs(other, "q=xylo") == [] and set(refs(isu, "q=xylo")) == {hidden.ref}, "a draft is its State's alone"
    assert "shown for “xylograph”" in isu.get("/searches/?q=xylograpf").get_data(as_text=True)


def test_amounts_contacts_and_details_are_not_indexed(make, visitor):
    make.need("KHM", contact_name="Quetzalcoatl", contact_email="quetzal@authority.example")
    assert refs(visitor, "q=quetzal") == []


def test_a_reference_leads_straight_to_its_page(make, visitor):
    ref = make.need("KHM").ref
    head, year, number = ref.split("-")
    for typed in (ref, ref.lower(), f"{head} {year} {number}", f"{head} {year} {int(number)}", f" {ref}\t"):
        answer = visitor.get("/searches/", query_string={"q": typed})
        assert answer.status_code == 303 and answer.headers["Location"].endswith(f"/needs/{ref}"), typed


def test_the_reference_of_a_hidden_record_leads_nowhere(make, visitor):
    ref = make.need("KHM", visibility=Visibility.ISU).ref
    assert visitor.get(f"/searches/?q={ref}").status_code == 200


def test_facets_count_what_each_choice_would_show(make, visitor):
    make.need("KHM", title="Aardwolf one"), make.need("KHM", title="Aardwolf two", theme="victim-assistance")
    make.need("AGO", title="Aardwolf three", theme="victim-assistance"), make.need("AGO", NeedStatus.MET, title="Aardwolf four")
    text = visitor.get("/searches/?q=aardwolf").get_data(as_text=True)
    assert "4 records found" in text
    for label, query, count in re.findall(r'<a href="/searches/\?([^"]+)">([^<]+)</a> <span class="muted">\((\d+)\)', text):
        assert len(refs(visitor, label.replace("&amp;", "&"))) == int(count), (label, query)
    assert len(re.findall(r'<span class="muted">\(\d+\)', text)) >= 7
    narrowed = visitor.get("/searches/?q=aardwolf&theme=victim-assistance&region=002").get_data(as_text=True)
    assert "1 record found" in narrowed and "chosen; follow to take it away" in narrowed
    assert "Search without the choices" in visitor.get("/searches/?q=aardwolf&kind=document").get_data(as_text=True)


def test_no_address_breaks_the_search(visitor):
    for query in ("", "q=", "q=%00", "q=%25%25", "q=%ED%A0%80", "q=the+of", "q=" + "x+" * 90, "kind=nothing&q=mine",
                  "theme='&q=mine", "page=99999&q=mine", "q=" + "9" * 5000, "q=%E2%80%AEmine", "per=50&q=mine"):
        assert visitor.get(f"/searches/?{query}").status_code == 200, query


def test_the_number_of_queries_does_not_grow(make, visitor):
    counted: list[str] = []
    make.need(title="Gnu crossing")
    visitor.get("/searches/?q=gnu")
    event.listen(current_engine(), "before_cursor_execute", lambda *args: counted.append(args[2]))
    visitor.get("/searches/?q=gnu")
    few = len(counted)
    for _ in range(5):
        make.need(title="Gnu crossing")
    counted.clear()
    visitor.get("/searches/?q=gnu")
    assert len(counted) == few <= 12


def test_words_follow_their_record_in_the_same_transaction(make, visitor):
    need = make.need("KHM", title="Ocelot path")
    db.session.get_one(Need, need.id).title = "Margay path"
    db.session.flush()
    held = set(db.session.scalars(select(SearchWord.word).where(SearchWord.kind == "need", SearchWord.record_id == need.id)))
    assert "margay" in held and "ocelot" not in held
    db.session.rollback()
    assert refs(visitor, "q=ocelot") == [need.ref] and refs(visitor, "q=margay") == []
    party = make.party("KHM")
    party.name_en = "Kampuchea Xanadu"
    db.session.commit()
    assert need.ref in refs(visitor, "q=xanadu&kind=need")


def test_a_rebuild_gives_the_same_words_and_takes_out_those_of_lost_records(make):
    make.need("KHM"), make.offer("NOR")
    query = select(SearchWord.kind, SearchWord.word, SearchWord.record_id, SearchWord.weight)
    before = {tuple(row) for row in db.session.execute(query)}
    assert before and not index.is_empty()
    db.session.add(SearchWord(kind="need", word="orphan", record_id=99999, weight=1))
    db.session.flush()
    counts = index.rebuild()
    assert {tuple(row) for row in db.session.execute(query)} == before and counts["need"] >= 1 and counts["party"] > 190
