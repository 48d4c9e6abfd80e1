"""The guided first visit: three steps for each role, put away once and for all."""

from __future__ import annotations

import re

import pytest

from partnerships.core.actor import Role

ROLES = [(Role.FOCAL_POINT, "KHM"), (Role.DONOR_OFFICER, "NOR"), (Role.ORGANISATION_OFFICER, "GICHD"),
         (Role.COMMITTEE_MEMBER, "CHE"), (Role.ISU_OFFICER, "ISU"), (Role.ISU_ADMINISTRATOR, "ISU")]


@pytest.mark.parametrize(("role", "party"), ROLES)
def test_three_steps_that_lead_somewhere_and_never_again(sign_in, role, party):
    client = sign_in(role, party)
    tour = client.get("/desk/").get_data(as_text=True).split('class="tour"')[1].split("</section>")[0]
    steps = re.findall(r'<li><p><a href="([^"]+)"', tour)
    assert len(steps) == 3
    for url in steps:
        assert client.get(url).status_code == 200, url
    assert client.post("/desk/tour").status_code == 303
    assert 'class="tour"' not in client.get("/desk/").get_data(as_text=True)
    assert client.post("/desk/tour").status_code == 303
