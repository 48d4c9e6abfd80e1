"""Documents: attaching, downloading, taking away; who may, and what is refused."""

from __future__ import annotations

import io
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from urllib.parse import quote

from sqlalchemy import func, select

from partnerships.core import storage
from partnerships.core.actor import Role
from partnerships.core.audit import Event
from partnerships.core.db import db
from partnerships.core.visibility import Visibility
from partnerships.documents import service
from partnerships.documents.models import Document
from partnerships.needs.states import NeedStatus
from partnerships.pledges import service as pledges
from tests.support.files import GOOD, PDF, PLACE, TYPES, jpeg, office, segment

TODAY = date.today()


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Document)) or 0


def only() -> Document:
    return db.session.scalars(select(Document)).one()


def send(client, where, data=PDF, name="plan.pdf", **more):
    fields = client.fields(f"/documents/new?{where}")
    return client.post(f"/documents/new?{where}", content_type="multipart/form-data", data={
        **fields, "title": "Work plan", "language": "en", "file": (io.BytesIO(data), name), **more})


def test_each_type_is_kept_and_comes_back_as_a_download(sign_in, make, visitor):
    need, client = make.need("KHM"), sign_in(Role.FOCAL_POINT, "KHM")
    for number, name in enumerate(GOOD, start=1):
        before = storage.names()
        answer = send(client, f"need={need.ref}", GOOD[name], name)
        document = db.session.scalars(select(Document).order_by(Document.id.desc())).first()
        assert answer.status_code == 303 and answer.location == f"/needs/{need.ref}#documents"
        assert document.ref == f"DOC-{TODAY.year}-{number:03}" and document.size == len(GOOD[name])
        kept = storage.path_of(document.stored_as)
        assert kept and {document.stored_as} == storage.names() - before and name.rsplit(".", 1)[0] not in kept.name
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600 and stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
        answer = visitor.get(f"/documents/{document.ref}/file")
        assert answer.get_data() == GOOD[name] and answer.mimetype == TYPES[name]
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Cache-Control"].startswith("private")
    page = visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert "Work plan" in page and f"/documents/DOC-{TODAY.year}-005/file" in page and "Take away" not in page


def test_a_name_in_any_script_comes_back_as_it_was(sign_in, make, visitor):
    need = make.need("KHM")
    send(sign_in(Role.FOCAL_POINT, "KHM"), f"need={need.ref}", name="../../خطة\u202e العمل.pdf")
    assert only().filename == "خطة العمل.pdf"
    said = visitor.get(f"/documents/{only().ref}/file").headers["Content-Disposition"]
    assert said.isascii() and quote("خطة العمل.pdf") in said and "/" not in said.replace("UTF-8''", "")


REFUSED = [
    (b"<!doctype html><script>alert(1)</script>", "plan.pdf", "none of the files"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "map.png", "none of the files"),
    (b"MZ" + bytes(200), "plan.docx", "none of the files"), (b"", "plan.pdf", "This file is empty"),
    (office(more={"word/vbaProject.bin": "x"}), "plan.docx", "macros"), (PDF[:40], "plan.pdf", "broken"),
    (office(main="application/vnd.ms-word.document.macroEnabled.main+xml"), "plan.docx", "macros")]


def test_other_files_are_refused_beside_the_field_and_nothing_is_kept(sign_in, make):
    need, before, client = make.need("KHM"), storage.names(), sign_in(Role.FOCAL_POINT, "KHM")
    for data, name, words in REFUSED:
        answer = send(client, f"need={need.ref}", data, name, title="My plan")
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422 and words in page and "My plan" in page and 'aria-invalid="true"' in page
    assert count() == 0 and storage.names() == before


def test_a_body_beyond_the_limit_is_not_read_and_other_forms_keep_their_own(sign_in, make):
    need, client = make.need("KHM"), sign_in(Role.FOCAL_POINT, "KHM")
    for address, megabytes in ((f"/documents/new?need={need.ref}", 11), ("/needs/new", 3), (f"/documents/{need.ref}/remove", 3)):
        answer = client.open(address, method="POST", content_type="multipart/form-data; boundary=x",
                             input_stream=io.BytesIO(bytes(megabytes * 1024 * 1024)), content_length=megabytes * 1024 * 1024)
        assert answer.status_code == 413, address
    assert count() == 0


def test_a_form_without_its_parts_says_what_is_missing(sign_in, make):
    need, client = make.need("KHM"), sign_in(Role.FOCAL_POINT, "KHM")
    for more in ({"file": ""}, {"file": "a text"}, {"title": " "}, {"language": "xx"}):
        assert send(client, f"need={need.ref}", **more).status_code == 422
    assert count() == 0


def test_a_photograph_is_kept_without_its_place(sign_in, make):
    need = make.need("KHM")
    send(sign_in(Role.FOCAL_POINT, "KHM"), f"need={need.ref}", jpeg(segment(0xE1, b"Exif\0\0" + PLACE)), "photo.jpg")
    kept = storage.path_of(only().stored_as)
    assert kept and PLACE not in kept.read_bytes() and storage.digest(only().stored_as) == only().sha256


def test_a_form_sent_twice_keeps_one_file(sign_in, make):
    need, client, before = make.need("KHM"), sign_in(Role.FOCAL_POINT, "KHM"), storage.names()
    fields = client.fields(f"/documents/new?need={need.ref}")
    for _time in range(2):
        answer = client.post(f"/documents/new?need={need.ref}", content_type="multipart/form-data", data={
            **fields, "title": "Plan", "language": "en", "file": (io.BytesIO(PDF), "plan.pdf")})
        assert answer.status_code == 303
    assert count() == 1 and len(storage.names() - before) == 1


def test_who_may_attach_to_what(app, sign_in, make):
    need, offer, meeting, conference = make.need("KHM"), make.offer("NOR"), make.meeting("KHM"), make.conference()
    where = {"need": need, "offer": offer, "meeting": meeting, "conference": conference}
    may = {(Role.FOCAL_POINT, "KHM"): {"need"}, (Role.FOCAL_POINT, "AGO"): set(), (Role.DONOR_OFFICER, "NOR"): {"offer"},
           (Role.DONOR_OFFICER, "JPN"): set(), (Role.ISU_OFFICER, "ISU"): {"meeting", "conference"}}
    for (role, party), allowed in may.items():
        client = sign_in(role, party)
        for kind, record in where.items():
            answer = client.get(f"/documents/new?{kind}={record.ref}")
            assert (answer.status_code == 200) is (kind in allowed), (role, kind)
            assert answer.status_code in (200, 403, 404)
            post = client.post(f"/documents/new?{kind}={record.ref}", data={"title": "x"})
            assert post.status_code == (422 if kind in allowed else answer.status_code), (role, kind)
    assert sign_in(Role.COMMITTEE_MEMBER).get(f"/documents/new?need={need.ref}").status_code == 403
    assert app.test_client().get(f"/documents/new?need={need.ref}").status_code == 303
    assert sign_in(Role.FOCAL_POINT, "KHM").get("/documents/new").status_code == 404
    assert sign_in(Role.FOCAL_POINT, "KHM").get("/documents/new?party=KHM").status_code == 404


def test_a_document_is_seen_by_whoever_sees_its_record(app, make, sign_in):
    closed = make.document(make.meeting("KHM", participants=[make.party("JPN")]), "meeting")
    hidden = make.document(make.need("KHM", visibility=Visibility.STATES_PARTIES))
    draft = make.document(make.need("KHM", NeedStatus.DRAFT))
    for client, seen in ((app.test_client(), []), (sign_in(Role.FOCAL_POINT, "KHM"), [closed, hidden, draft]),
                         (sign_in(Role.DONOR_OFFICER, "JPN"), [closed, hidden]),
                         (sign_in(Role.DONOR_OFFICER, "NOR"), [hidden]), (sign_in(Role.ISU_OFFICER), [closed, hidden])):
        for document in (closed, hidden, draft):
            expected = 200 if document in seen else 404
            assert client.get(f"/documents/{document.ref}/file").status_code == expected
            assert client.head(f"/documents/{document.ref}/file").status_code == expected
    for ref in ("DOC-1999-001", "../secret-key", "%2e%2e%2fsecret-key", "x" * 5000):
        assert app.test_client().get(f"/documents/{ref}/file").status_code == 404


def test_its_own_people_take_it_away_and_the_timeline_keeps_that_it_was_there(sign_in, make, visitor):
    need = make.need("KHM")
    document = make.document(need)
    ref, name = document.ref, document.stored_as
    for role, party, code in ((Role.FOCAL_POINT, "AGO", 403), (Role.DONOR_OFFICER, "NOR", 403), (Role.COMMITTEE_MEMBER, None, 403)):
        assert sign_in(role, party).post(f"/documents/{ref}/remove").status_code == code
    assert storage.path_of(name)
    owner = sign_in(Role.FOCAL_POINT, "KHM")
    assert "Take away" in owner.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert owner.post(f"/documents/{ref}/remove").status_code == 303
    page = visitor.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert f"A document of {need.ref} was withdrawn" in page and ref in page
    assert visitor.get(f"/documents/{ref}/file").status_code == 404 and f"/documents/{ref}/file" not in page
    assert storage.path_of(name) and owner.get(f"/documents/{ref}/file").status_code == 200, "what was published is kept"
    assert "Withdrawn on" in owner.get(f"/needs/{need.ref}").get_data(as_text=True)
    assert sign_in(Role.FOCAL_POINT, "AGO").get(f"/documents/{ref}/file").status_code == 404
    for act in ("remove", "erase"):
        assert owner.post(f"/documents/{ref}/{act}").status_code == 403


def test_of_a_draft_nothing_is_kept(sign_in, make):
    document = make.document(make.need("KHM", NeedStatus.DRAFT))
    name = document.stored_as
    assert sign_in(Role.FOCAL_POINT, "KHM").post(f"/documents/{document.ref}/remove").status_code == 303
    assert storage.path_of(name) is None and count() == 0


def test_the_isu_may_withdraw_any_and_then_erase_it(sign_in, make, visitor):
    document = make.document()
    ref, name, isu = document.ref, document.stored_as, sign_in(Role.ISU_OFFICER)
    assert isu.post(f"/documents/{ref}/erase").status_code == 403, "not before it is withdrawn"
    assert isu.post(f"/documents/{ref}/remove").status_code == 303
    url = f"/needs/{document.need.ref}"
    assert count() == 1 and "Delete for good" in isu.get(url).get_data(as_text=True)
    assert isu.post(f"/documents/{ref}/erase").status_code == 303
    assert count() == 0 and storage.path_of(name) is None
    assert "was taken away" in visitor.get(url).get_data(as_text=True)


def test_what_happened_to_a_draft_stays_with_its_state(make):
    make.document(make.need("KHM", NeedStatus.DRAFT))
    event = db.session.scalars(select(Event).where(Event.tag == "document.added")).one()
    assert event.audience == Visibility.PARTIES.value


def test_a_record_has_twenty_documents_at_most(sign_in, make, monkeypatch):
    monkeypatch.setattr(service, "MOST", 1)
    need, before = make.need("KHM"), storage.names()
    client = sign_in(Role.FOCAL_POINT, "KHM")
    assert send(client, f"need={need.ref}").status_code == 303
    answer = send(client, f"need={need.ref}")
    assert answer.status_code == 422 and "as many as it may" in answer.get_data(as_text=True)
    assert count() == 1 and len(storage.names() - before) == 1


def test_a_failed_transaction_leaves_no_file(app, make):
    document = make.document()
    name, before = document.stored_as, storage.names()
    storage.give_up(name)
    db.session.scalar(select(1))
    db.session.rollback()
    assert storage.path_of(name)
    for end in (db.session.rollback, db.session.close):
        storage.keep(PDF)
        db.session.scalar(select(1))
        assert len(storage.names() - before) == 1
        end()
        assert storage.names() == before


def test_two_at_once_are_both_kept(app, sign_in, make):
    ref = make.need("KHM").ref
    clients = [sign_in(Role.FOCAL_POINT, "KHM") for _one in range(2)]
    forms = [client.fields(f"/documents/new?need={ref}") for client in clients]
    db.session.close()

    def post(pair):
        client, fields = pair
        with app.app_context():
            return _post(client, fields)

    def _post(client, fields):
        return client.post(f"/documents/new?need={ref}", content_type="multipart/form-data", data={
            **fields, "title": "Plan", "language": "en", "file": (io.BytesIO(PDF), "plan.pdf")}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(post, zip(clients, forms, strict=True))) == [303, 303]
    rows = list(db.session.scalars(select(Document)))
    assert len({row.ref for row in rows}) == 2 == len({row.stored_as for row in rows})
    assert all(storage.path_of(row.stored_as) for row in rows)


def test_the_command_finds_what_is_missing_changed_or_left_over(app, make):
    missing, changed, good = make.document(), make.document(), make.document()
    storage.remove(missing.stored_as)
    kept = storage.path_of(changed.stored_as)
    assert kept
    kept.write_bytes(b"other")
    (storage.folder() / ("0" * 48)).write_bytes(b"left over")
    run = app.test_cli_runner().invoke
    db.session.close()
    answer = run(args=["documents", "check"])
    assert answer.exit_code == 1 and f"{missing.ref}: the file is missing" in answer.output
    assert f"{changed.ref}: the file was changed" in answer.output and good.ref not in answer.output
    assert f"{'0' * 48}: no document names this file." in answer.output
    run(args=["documents", "check", "--remove-orphans"])
    assert storage.names() >= {changed.stored_as, good.stored_as} and "0" * 48 not in storage.names()
    assert app.test_client().get(f"/documents/{missing.ref}/file").status_code == 404


def test_a_pledge_takes_documents_of_its_donor_and_the_isu(app, sign_in, make, visitor):
    need = make.need("KHM", visibility=Visibility.PARTIES)
    make.match(need, "NOR")
    pledge = make.pledge("NOR", need=need, visibility=Visibility.PARTIES)
    where = f"pledge={pledge.ref}"
    for role, party, code in ((Role.DONOR_OFFICER, "NOR", 200), (Role.ISU_OFFICER, "ISU", 200), (Role.FOCAL_POINT, "KHM", 403),
                              (Role.DONOR_OFFICER, "JPN", 404), (Role.ORGANISATION_OFFICER, "GICHD", 404)):
        assert sign_in(role, party).get(f"/documents/new?{where}").status_code == code, (role, party)
    client = sign_in(Role.DONOR_OFFICER, "NOR")
    assert "Norway" in client.get(f"/documents/new?{where}").get_data(as_text=True)
    answer = send(client, where, title="Signed agreement", name="agreement.pdf")
    assert answer.status_code == 303 and answer.location == f"/pledges/{pledge.ref}#documents"
    document = only()
    for other, code in ((sign_in(Role.FOCAL_POINT, "KHM"), 200), (client, 200), (sign_in(Role.DONOR_OFFICER, "JPN"), 404),
                        (visitor, 404)):
        assert other.get(f"/documents/{document.ref}/file").status_code == code
    text = sign_in(Role.FOCAL_POINT, "KHM").get(f"/pledges/{pledge.ref}").get_data(as_text=True)
    assert "Signed agreement" in text and "A document was added" in text and "Add a document" not in text
    event = db.session.scalars(select(Event).where(Event.tag == "document.added")).one()
    assert event.audience == Visibility.PARTIES.value


def test_the_document_of_a_struck_pledge_is_the_isus_alone(sign_in, make, visitor):
    pledge = make.pledge("NOR")
    document = make.document(pledge, "pledge")
    assert visitor.get(f"/documents/{document.ref}/file").status_code == 200
    pledges.move(pledge, "struck", make.actor(Role.ISU_OFFICER), "Logged twice")
    db.session.commit()
    assert visitor.get(f"/documents/{document.ref}/file").status_code == 404
    assert sign_in(Role.DONOR_OFFICER, "NOR").get(f"/documents/{document.ref}/file").status_code == 404
    assert sign_in(Role.ISU_OFFICER).get(f"/documents/{document.ref}/file").status_code == 200
