"""What other rooms need of the list of offers: its filters as an address states them."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from partnerships.offers.forms import FilterForm


def filters_of(address: MultiDict[str, str]) -> dict[str, Any]:
    """The list's filters as an address states them, for `queries.listed`; those that cannot be read are left out."""
    return FilterForm(address).chosen()
