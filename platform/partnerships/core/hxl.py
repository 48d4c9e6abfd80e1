"""HXL hashtags of the columns of public lists, by the key of the column.

Source: Humanitarian Exchange Language 1.1, tagging conventions and hashtag dictionary (hxlstandard.org/standard/1-1final).
A hashtag comes from the dictionary; attributes follow the ways of OCHA's Financial Tracking Service where it has one for
the same thing (`+funder`, `+funding`). A column without a fitting hashtag has none, as the conventions allow.

Amounts of a list stand in the currency of its row (`#currency+code`); only a column that holds US dollars says `+usd`.
"""

from __future__ import annotations

from collections.abc import Mapping

Tags = Mapping[str, str]

_COMMON = {
    "state_code": "#country+code+iso3", "state": "#country+name", "title": "#activity+name", "summary": "#description",
    "place": "#loc+name", "theme": "#sector+name", "themes": "#sector+name+list", "kinds": "#service+name+list",
    "currency": "#currency+code", "status": "#status", "first_year": "#date+year+start", "last_year": "#date+year+end",
    "source": "#meta+source",
}
NEEDS: Tags = {
    **_COMMON, "need": "#activity+code", "deadline": "#date+due", "published_on": "#date+reported", "valid_until": "#date+end",
    "asked": "#value+funding+required", "covered_by_state": "#value+funding+national", "pledged": "#value+funding+pledged",
    "agreed": "#value+funding+committed", "paid": "#value+funding+paid", "open": "#value+funding+gap",
}
OFFERS: Tags = {
    **_COMMON, "offer": "#activity+code", "partner_code": "#org+code+funder", "partner": "#org+name+funder",
    "nature": "#activity+type", "regions": "#region+name+list", "states": "#country+name+list",
    "amount_from": "#value+funding+min", "amount_to": "#value+funding+max", "quantities": "#item+description",
    "conditions": "#description+conditions", "how_to_ask": "#contact+description", "valid_until": "#date+end",
}
PARTNERS: Tags = {
    "code": "#org+code", "name": "#org+name", "kind": "#org+type", "region": "#region+name", "subregion": "#region+name+sub",
    "treaty_status": "#status+treaty", "open_needs": "#activity+num",
}
PLEDGES: Tags = {
    **_COMMON, "pledge": "#activity+code", "donor_code": "#org+code+funder", "donor": "#org+name+funder",
    "need": "#activity+code+need", "conference": "#event+code", "kind": "#modality", "amount": "#value+funding+total",
    "announced": "#value+funding+announced", "confirmed": "#value+funding+confirmed", "agreed": "#value+funding+committed",
    "paid": "#value+funding+paid", "withdrawn": "#value+funding+withdrawn", "lapsed": "#value+funding+lapsed",
    "brings_in_kind": "#item+type", "condition": "#description+conditions", "channel": "#channel",
    "announced_on": "#date+announced", "confirmed_on": "#date+confirmed", "agreement_signed_on": "#date+decision",
    "last_update": "#date+updated",
}
FIGURES: Tags = {
    "donor": "#org+name+funder", "donor_code": "#org+code+funder", "recipient": "#country+name",
    "recipient_code": "#country+code+iso3", "state": "#country+name", "state_code": "#country+code+iso3", "year": "#date+year",
    "usd": "#value+funding+total+usd", "asked_usd": "#value+funding+required+usd", "open_usd": "#value+funding+gap+usd",
    "open_per_cent": "#value+funding+gap+pct", "open_needs": "#activity+num", "records": "#meta+count",
}
# A file of contributions in the columns of the Financial Tracking Service carries the tags that OCHA gave the same columns.
FTS: Tags = {
    "date": "#date", "budgetYear": "#date+year+budget", "description": "#description+notes",
    "amountUSD": "#value+funding+total+usd", "srcOrganization": "#org+name+funder",
    "srcOrganizationTypes": "#org+type+funder+list", "srcLocations": "#country+iso3+funder+list",
    "srcUsageYearStart": "#date+year+start+funder", "srcUsageYearEnd": "#date+year+end+funder",
    "destPlan": "#activity+appeal+name", "destPlanCode": "#activity+appeal+id+external",
    "destPlanId": "#activity+appeal+id+fts_internal", "destOrganization": "#org+name+impl",
    "destOrganizationTypes": "#org+type+impl+list", "destGlobalClusters": "#sector+cluster+name+list",
    "destLocations": "#country+iso3+impl+list", "destProject": "#activity+project+name",
    "destProjectCode": "#activity+project+code", "destEmergency": "#crisis+name",
    "destUsageYearStart": "#date+year+start+impl", "destUsageYearEnd": "#date+year+end+impl",
    "status": "#status+text", "firstReportedDate": "#date+reported", "decisionDate": "#date+decision",
    "keywords": "#description+keywords", "originalAmount": "#value+funding+total",
    "originalCurrency": "#value+funding+total+currency", "id": "#activity+id+fts_internal", "refCode": "#activity+code",
    "createdAt": "#date+created", "updatedAt": "#date+updated", "exchangeRateDate": "#date+fx", "source": "#meta+source",
}
