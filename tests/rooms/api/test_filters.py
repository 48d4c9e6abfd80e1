"""The filters of a list for programs are those of its page, no more and no fewer."""

from __future__ import annotations

import pytest

from partnerships.api.filtering import names
from partnerships.api.routes.needs import NeedQuery
from partnerships.api.routes.offers import OfferQuery
from partnerships.api.routes.parties import StateQuery
from partnerships.api.routes.pledges import PledgeQuery
from partnerships.api.routes.work import FollowupQuery, MatchQuery
from partnerships.followups.forms import FilterForm as FollowupFilters
from partnerships.matches.forms import FilterForm as MatchFilters
from partnerships.needs.forms import FilterForm as NeedFilters
from partnerships.offers.forms import FilterForm as OfferFilters
from partnerships.parties.forms import FilterForm as PartyFilters
from partnerships.pledges.forms import FilterForm as PledgeFilters


@pytest.mark.parametrize(("schema", "form", "left_out"), [
    (NeedQuery, NeedFilters, {"sort"}), (OfferQuery, OfferFilters, set()), (StateQuery, PartyFilters, {"kind"}),
    (PledgeQuery, PledgeFilters, set()), (MatchQuery, MatchFilters, set()), (FollowupQuery, FollowupFilters, set())])
def test_filters_are_those_of_the_page(app, schema, form, left_out):
    with app.test_request_context():
        assert names(schema) == set(form()._fields) - left_out
