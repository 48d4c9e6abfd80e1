"""The steps of a pledge on its page: evidence, payments taken back, another amount, what the ISU keeps to itself."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from partnerships.core import storage
from partnerships.core.actor import Role
from partnerships.core.db import db
from partnerships.documents.models import Document
from partnerships.pledges import payments, service
from partnerships.pledges.models import Pledge
from partnerships.pledges.service import Details
from partnerships.pledges.states import PledgeKind, PledgeStatus, StepKind
from tests.support.files import PDF

TODAY, DAY = date.today(), timedelta(days=1)
PROOF = "https://evidence.example/agreement"


def _again(pledge: Pledge) -> Pledge:
    db.session.expire_all()
    return db.session.get_one(Pledge, pledge.id)


def _send(client: Any, url: str, file: tuple[bytes, str] | None = None, **data: str) -> Any:
    """A step with its file, as a browser sends it."""
    sent: dict[str, Any] = {**data, "file": (io.BytesIO(file[0]), file[1])} if file else data
    return client.post(url, content_type="multipart/form-data", data=sent)


def _files() -> int:
    return db.session.scalar(select(func.count()).select_from(Document)) or 0


@pytest.fixture
def pledge(make) -> Pledge:
    """Announced ten days ago, 300 000 dollars to the ISU work plan."""
    return make.pledge(announced_on=TODAY - 10 * DAY)


@pytest.fixture
def paid(make, pledge) -> Pledge:
    """The same, signed five days ago and 100 000 of it paid since."""
    actor = make.actor(Role.DONOR_OFFICER)
    service.move(pledge, "agreed", actor, on=TODAY - 5 * DAY)
    payments.pay(pledge, actor, amount=Decimal(100_000), paid_on=TODAY - 3 * DAY)
    db.session.commit()
    return pledge


def test_a_step_keeps_its_evidence_a_link_or_a_file(app, pledge, sign_in, visitor):
    client, url = sign_in(Role.DONOR_OFFICER), f"/pledges/{pledge.ref}"
    assert client.post(f"{url}/move/confirmed", data={"on": TODAY.isoformat(), "evidence": PROOF}).status_code == 303
    assert _send(client, f"{url}/move/agreed", (PDF, "agreement.pdf"), on=TODAY.isoformat()).status_code == 303
    assert _send(client, f"{url}/pay", (PDF, "transfer.pdf"), amount="500", paid_on=TODAY.isoformat(), evidence=PROOF,
                 note="First").status_code == 303
    kept = _again(pledge)
    assert [(one.kind, one.evidence, bool(one.document_id)) for one in kept.steps] == [
        (StepKind.ANNOUNCED, "", False), (StepKind.CONFIRMED, PROOF, False), (StepKind.AGREED, "", True),
        (StepKind.PAYMENT, PROOF, True)]
    text = visitor.get(url).get_data(as_text=True)
    assert text.count(f'href="{PROOF}"') == 2 and "agreement.pdf" in text and "transfer.pdf" in text
    assert text.count("/file") >= 4  # beside the step and among the documents
    document = db.session.get_one(Document, kept.steps[2].document_id)
    assert visitor.get(f"/documents/{document.ref}/file").get_data() == PDF
    client.post(f"/documents/{document.ref}/remove")
    assert "agreement.pdf" not in visitor.get(url).get_data(as_text=True), "withdrawn: its own people and the ISU still see it"
    assert _again(pledge).steps[2].document_id and "agreement.pdf" in client.get(url).get_data(as_text=True)


@pytest.mark.parametrize("evidence", ["javascript:alert(1)", "ftp://files.example/x", "agreement.pdf", "https://", "http:///x",
                                      "https://a b",
                                      "https://a.example/\x00", "data:text/html,x", "https://a.example/" + "x" * 400])
def test_evidence_that_is_no_web_address(paid, sign_in, evidence: str):
    client, url = sign_in(Role.DONOR_OFFICER), f"/pledges/{paid.ref}"
    for where, data in (("pay", {"amount": "5", "paid_on": TODAY.isoformat()}),
                        ("amend", {"amount": "5", "day": TODAY.isoformat(), "version": str(paid.version)})):
        answer = client.post(f"{url}/{where}", data={**data, "evidence": evidence, "note": "As typed"})
        assert answer.status_code == 422 and "As typed" in answer.get_data(as_text=True)
    assert _again(paid).paid_amount == 100_000 and _again(paid).amount == 300_000


def test_evidence_of_another_origin_is_never_a_link_that_runs(make, paid, visitor):
    paid.steps[0].evidence = "javascript:alert(1)"
    db.session.commit()
    text = visitor.get(f"/pledges/{paid.ref}").get_data(as_text=True)
    assert "javascript:alert(1)" in text and 'href="javascript' not in text


def test_a_program_named_pdf_is_refused_and_nothing_is_kept(paid, sign_in):
    client, url, before = sign_in(Role.DONOR_OFFICER), f"/pledges/{paid.ref}", storage.names()
    for data in (b"MZ" + bytes(200), b"<script>alert(1)</script>", b""):
        answer = _send(client, f"{url}/pay", (data, "transfer.pdf"), amount="5", paid_on=TODAY.isoformat(), note="As typed")
        assert answer.status_code == 422 and "As typed" in answer.get_data(as_text=True)
    assert _send(client, f"{url}/move/withdrawn", (PDF, "x.pdf"), note="Why").status_code == 303  # takes no file: none is kept
    assert _files() == 0 and storage.names() == before and _again(paid).paid_amount == 100_000


def test_a_refused_step_leaves_no_file_and_a_second_click_none_more(app, paid, sign_in):
    client, url, before = sign_in(Role.DONOR_OFFICER), f"/pledges/{paid.ref}", storage.names()
    assert _send(client, f"{url}/pay", (PDF, "a.pdf"), amount="200000.01", paid_on=TODAY.isoformat()).status_code == 422
    assert storage.names() == before
    data = {"amount": "5", "paid_on": TODAY.isoformat(), "once": "a-key-of-this-form-9"}
    for _time in range(2):
        assert _send(client, f"{url}/pay", (PDF, "a.pdf"), **data).status_code == 303
    assert _send(client, f"{url}/move/agreed", (PDF, "a.pdf"), on=TODAY.isoformat()).status_code == 303  # already agreed
    assert _files() == 1 == len(storage.names() - before) and _again(paid).paid_amount == 100_005


def test_only_a_step_may_be_as_large_as_a_file(paid, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    for where, size, code in (("pay", 11, 413), ("edit", 3, 413), ("void", 3, 413)):
        body = bytes(size * 1024 * 1024)
        answer = client.open(f"/pledges/{paid.ref}/{where}", method="POST", content_type="multipart/form-data; boundary=x",
                             input_stream=io.BytesIO(body), content_length=len(body))
        assert answer.status_code == code, where
    large = PDF + b"\n%" + b"x" * (3 * 1024 * 1024) + b"\n%%EOF"
    body = _multipart({"amount": b"5", "paid_on": TODAY.isoformat().encode(), "csrf_token": client.csrf_token().encode()}, large)
    answer = client.open(f"/pledges/{paid.ref}/pay", method="POST", content_type="multipart/form-data; boundary=x",
                         input_stream=io.BytesIO(body), content_length=len(body))
    assert answer.status_code == 303 and _files() == 1


def _multipart(fields: dict[str, bytes], file: bytes) -> bytes:
    """A form as a browser sends it. The client's own encoder leaves a temporary file open when it is large."""
    parts = [b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value)
             for name, value in fields.items()]
    return b"".join(parts) + (b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%s\r\n--x--\r\n' % file)


def test_a_payment_taken_back_stays_struck_through_with_its_reason(paid, sign_in, visitor):
    client, url = sign_in(Role.DONOR_OFFICER), f"/pledges/{paid.ref}"
    number = str(paid.payments[0].id)
    answer = client.post(f"{url}/void", data={"payment": number, "note": " "})
    assert answer.status_code == 422 and "Say why" in answer.get_data(as_text=True) and _again(paid).paid_amount == 100_000
    assert client.post(f"{url}/void", data={"payment": number, "note": "It went elsewhere."}).status_code == 303
    kept = _again(paid)
    assert kept.paid_amount == 0 and kept.payments == [] and kept.steps[-1].kind is StepKind.VOIDED
    text = visitor.get(url).get_data(as_text=True)
    assert "<s>Instalment paid</s>" in text and "taken back" in text and "It went elsewhere." in text
    again = client.post(f"{url}/void", data={"payment": number, "note": "Once more"}, follow_redirects=True)
    assert "This was already done." in again.get_data(as_text=True) and len(_again(paid).steps) == len(kept.steps)


def test_which_payment_is_asked_and_only_one_of_this_pledge_will_do(make, paid, sign_in):
    client, other = sign_in(Role.DONOR_OFFICER), make.pledge()
    actor = make.actor(Role.DONOR_OFFICER)
    service.move(other, "agreed", actor, on=TODAY)
    elsewhere = payments.pay(other, actor, amount=Decimal(7), paid_on=TODAY)
    db.session.commit()
    for wrong in ("", "x", "99999999", str(elsewhere.id), str(paid.steps[0].id), "\x00"):
        assert client.post(f"/pledges/{paid.ref}/void", data={"payment": wrong, "note": "Why"}).status_code == 422, wrong
    assert _again(paid).paid_amount == 100_000 and _again(other).paid_amount == 7


def test_each_reason_stands_beside_its_own_payment(make, paid, visitor):
    actor = make.actor(Role.DONOR_OFFICER)
    second = payments.pay(paid, actor, amount=Decimal(200), paid_on=TODAY)
    first = paid.payments[0]
    payments.void(second, actor, "Second reason")
    payments.void(first, actor, "First reason")
    db.session.commit()
    text = visitor.get(f"/pledges/{paid.ref}").get_data(as_text=True)
    rows = [row for row in text.split("<tr>") if "Reason:" in row]
    assert len(rows) == 2 and "First reason" in rows[0] and "100\u202f000" in rows[0] and "Second reason" in rows[1]


def test_larger_and_smaller(paid, sign_in):
    client, url = sign_in(Role.DONOR_OFFICER), f"/pledges/{paid.ref}"

    def amend(amount: str, **more: str) -> Any:
        return client.post(f"{url}/amend", data={"amount": amount, "day": TODAY.isoformat(), "evidence": PROOF,
                                                 "version": str(_again(paid).version), **more})

    assert amend("450 000").status_code == 303
    assert amend("100 000", note="Only what was paid").status_code == 303
    kept = _again(paid)
    assert (kept.amount, kept.announced_amount, kept.status) == (Decimal(100_000), Decimal(300_000), PledgeStatus.PAID)
    assert [one.kind for one in kept.steps[-2:]] == [StepKind.INCREASED, StepKind.REDUCED]
    text = client.get(url).get_data(as_text=True)
    assert "First announced:" in text and "Amount reduced" in text and "Only what was paid" in text
    assert amend("100 001").status_code == 303 and _again(paid).status is PledgeStatus.AGREED  # more to be paid
    for amount, words in (("99 999", "cannot become smaller"), ("100 001", "has already"), ("0", "more than zero"),
                          ("-5", "cannot be negative"), ("1.005", "fewer decimals"), ("", "from now on"), ("lots", "in figures")):
        answer = amend(amount, note="As typed")
        assert answer.status_code == 422 and words in answer.get_data(as_text=True), amount
        assert "As typed" in answer.get_data(as_text=True)
    answer = amend("500 000", day=(TODAY + DAY).isoformat())
    assert answer.status_code == 422 and "in the future" in answer.get_data(as_text=True)
    assert _again(paid).amount == 100_001


def test_two_people_changing_the_amount_at_once_see_both(paid, sign_in):
    one, other = sign_in(Role.DONOR_OFFICER), sign_in(Role.ISU_OFFICER)
    data = {"day": TODAY.isoformat(), "version": str(paid.version)}
    assert one.post(f"/pledges/{paid.ref}/amend", data={**data, "amount": "400000"}).status_code == 303
    answer = other.post(f"/pledges/{paid.ref}/amend", data={**data, "amount": "200000"})
    text = answer.get_data(as_text=True)
    assert answer.status_code == 409 and "200\u202f000\xa0USD" in text and "400\u202f000\xa0USD" in text
    assert _again(paid).amount == 400_000


def test_help_in_kind_is_delivered_and_money_is_not(make, pledge, sign_in):
    client = sign_in(Role.DONOR_OFFICER)
    in_kind = make.pledge(kind=PledgeKind.IN_KIND, amount=None)
    for name in ("confirmed", "delivered"):
        assert client.post(f"/pledges/{in_kind.ref}/move/{name}", data={"on": TODAY.isoformat()}).status_code == 303
    assert _again(in_kind).status is PledgeStatus.DELIVERED
    text = client.get(f"/pledges/{in_kind.ref}").get_data(as_text=True)
    assert "Pledge delivered" in text and "Record payment" not in text and "Make it larger" not in text
    client.post(f"/pledges/{pledge.ref}/move/confirmed", data={"on": TODAY.isoformat()})
    url = f"/pledges/{pledge.ref}/move/delivered"
    assert url not in client.get(f"/pledges/{pledge.ref}").get_data(as_text=True)
    assert client.post(url, data={"on": TODAY.isoformat()}).status_code == 422
    assert _again(pledge).status is PledgeStatus.CONFIRMED


def test_what_the_isu_put_right_is_its_own_matter(make, sign_in, visitor):
    isu = make.actor(Role.ISU_OFFICER)
    pledge = make.pledge(amount=Decimal(3_500_000), from_floor=True)
    values = {name: getattr(pledge, name) for name in service.CORRECTED}
    service.correct(pledge, isu, pledge.donor, {**values, "amount": Decimal(350_000)}, Details())
    service.move(pledge, "struck", isu, "Logged twice")
    service.move(pledge, "restored", isu, "Not twice after all")
    db.session.commit()
    url = f"/pledges/{pledge.ref}"
    text = visitor.get(url).get_data(as_text=True).split('id="steps"')[1].split("</section>")[0]
    assert "Logged twice" not in text and "Entry corrected" not in text and "Restored" not in text
    assert "350\u202f000" in text and "3\u202f500\u202f000" not in text
    text = sign_in(Role.ISU_OFFICER).get(url).get_data(as_text=True)
    assert "Logged twice" in text and "Entry corrected" in text and "3\u202f500\u202f000" in text


def test_a_struck_pledge_is_the_isus_alone_until_it_is_restored(make, pledge, sign_in, visitor):
    isu, url = sign_in(Role.ISU_OFFICER), f"/pledges/{pledge.ref}"
    assert isu.post(f"{url}/move/struck", data={"note": "Logged twice"}).status_code == 303
    assert visitor.get(url).status_code == 404 == sign_in(Role.DONOR_OFFICER).get(url).status_code
    assert pledge.ref not in visitor.get("/pledges/").get_data(as_text=True)
    listed = isu.get("/pledges/?donor=NOR").get_data(as_text=True)
    assert pledge.ref in listed and "Struck: logged in error" in listed
    assert isu.post(f"{url}/move/restored", data={"note": "It was said after all"}).status_code == 303
    assert visitor.get(url).status_code == 200


def test_a_statement_from_the_floor_says_so_until_the_donor_speaks(make, sign_in, visitor):
    pledge, url = make.pledge(from_floor=True), ""
    url = f"/pledges/{pledge.ref}"
    assert "Recorded from the floor: not yet confirmed by the donor." in visitor.get(url).get_data(as_text=True)
    sign_in(Role.DONOR_OFFICER).post(f"{url}/move/confirmed", data={"on": TODAY.isoformat()})
    assert "First recorded from the floor, since confirmed." in visitor.get(url).get_data(as_text=True)
    other = make.pledge(from_floor=True)
    sign_in(Role.ISU_OFFICER).post(f"/pledges/{other.ref}/move/lapsed", data={"note": "No answer"})
    assert "the donor never confirmed it" in visitor.get(f"/pledges/{other.ref}").get_data(as_text=True)


def test_who_may_not(paid, sign_in, visitor):
    url, number = f"/pledges/{paid.ref}", str(paid.payments[0].id)
    for where, data in (("void", {"payment": number, "note": "x"}), ("amend", {"amount": "5", "day": TODAY.isoformat()})):
        assert "/accounts/sign-in" in visitor.post(f"{url}/{where}", data=data).location
        for role, party in ((Role.DONOR_OFFICER, "JPN"), (Role.FOCAL_POINT, "KHM")):
            assert sign_in(role, party).post(f"{url}/{where}", data=data).status_code == 403
        assert sign_in(Role.DONOR_OFFICER).post(f"/pledges/PL-1999-0001/{where}", data=data).status_code == 404
        assert sign_in(Role.DONOR_OFFICER).post(f"{url}/{where}", data=data, csrf=False).status_code == 422
    assert _again(paid).paid_amount == 100_000 and _again(paid).amount == 300_000
