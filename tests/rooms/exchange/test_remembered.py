"""Columns given once are proposed again, said in words, and can be dropped; huge files and odd encodings at the page."""

from __future__ import annotations

import io

from partnerships.core.actor import Role
from tests.rooms.exchange.conftest import csv_of

SOURCE = "https://documents.example/plan"
HEAD = ["Land", "Titel", "Jahr", "Summe EUR"]
ROW = ["Chad", "Clearance", 2027, 500]


def given(here, where: str) -> None:
    form = {"csrf_token": here.client.csrf_token(), "version": "1", "source": SOURCE,
            **{f"column_{place}": name for place, name in enumerate(("country", "title", "year", "amount"))}}
    assert here.client.post(f"{where}/columns", data=form).status_code == 303


def test_the_columns_of_an_import_are_proposed_for_the_next_with_the_same_headings(importing):
    here = importing(Role.ISU_OFFICER)
    where = here.preview(csv_of(HEAD, ROW), source=SOURCE)
    assert here.rows(where)[0][0] == "Not taken"
    given(here, where)
    second = importing(Role.ISU_OFFICER)  # another person of the ISU
    wider = second.preview(csv_of(["Bemerkung", *reversed(HEAD)], ["x", *reversed(ROW)]), source=SOURCE)
    assert second.rows(wider)[0][0] == "New"
    assert "We used the columns of your import of" in second.client.get(wider).get_data(as_text=True)
    narrower = second.preview(csv_of(HEAD[:3], ROW[:3]), source=SOURCE)
    assert second.rows(narrower)[0][0] == "Not taken"


def test_a_proposal_is_dropped_for_this_file_and_the_next(importing):
    here = importing(Role.ISU_OFFICER)
    given(here, here.preview(csv_of(HEAD, ROW), source=SOURCE))
    where = here.preview(csv_of(HEAD, ROW), source=SOURCE)
    assert here.client.post(f"{where}/forget", data={"csrf_token": here.client.csrf_token()}).status_code == 303
    assert here.rows(where)[0][0] == "Not taken" and "We used" not in here.client.get(where).get_data(as_text=True)
    assert here.rows(here.preview(csv_of(HEAD, ROW), source=SOURCE))[0][0] == "Not taken"


def test_another_party_or_kind_is_proposed_nothing(importing):
    importing(Role.FOCAL_POINT, "KHM")
    here = importing(Role.ISU_OFFICER)
    given(here, here.preview(csv_of(HEAD, ROW), source=SOURCE))
    other = importing(Role.FOCAL_POINT, "KHM")
    assert "We used" not in other.client.get(other.preview(csv_of(HEAD, ROW))).get_data(as_text=True)
    where = here.preview(csv_of(HEAD, ROW), source=SOURCE, what="contributions")
    assert "We used" not in here.client.get(where).get_data(as_text=True)


class Endless(io.RawIOBase):
    """Half a gigabyte that counts how much of it anybody read."""

    def __init__(self, head: bytes) -> None:
        self.head, self.given, self.left = head, 0, 500 * 1024 * 1024

    def readable(self) -> bool:
        return True

    def readinto(self, into) -> int:
        some = self.head[:len(into)] or b"x" * min(len(into), self.left)
        self.head, self.left = self.head[len(some):] if self.head else b"", self.left - len(some)
        into[:len(some)] = some
        self.given += len(some)
        return len(some)


def sent(here, body: Endless, **environ) -> object:
    return here.client.open("/exchange/", method="POST", content_type="multipart/form-data; boundary=x",
                            environ_overrides={"wsgi.input": io.BufferedReader(body), **environ})


def test_half_a_gigabyte_is_refused_in_words_before_it_is_read(importing):
    here = importing(Role.ISU_OFFICER)
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = Endless(head)
    answer = sent(here, body, CONTENT_LENGTH=str(500 * 1024 * 1024))
    assert answer.status_code == 413 and "larger than this site accepts" in answer.get_data(as_text=True) and body.given < 2_000_000
    body = Endless(head)  # no length is told: it is read until it passes the limit, and no further
    answer = sent(here, body, **{"wsgi.input_terminated": True})
    assert answer.status_code == 413 and body.given < 20_000_000


def test_the_command_reads_no_more_of_a_huge_file_than_its_limit(command, tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(500 * 1024 * 1024)  # sparse: it takes no room
    code, report = command(path)
    assert code == 2 and "larger than 10 megabytes" in report["words"]


def test_an_encoding_that_was_guessed_is_said_on_the_page(importing):
    here = importing(Role.ISU_OFFICER)
    data = "Государство,Название,Источник\nЧад,Разминирование в горах,https://documents.example\n".encode("cp1251")
    shown = here.client.get(here.preview(data)).get_data(as_text=True)
    assert "read as Windows-1251" in shown and "Разминирование" in shown
