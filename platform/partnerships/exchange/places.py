"""Which State or organisation a cell names: by code, by name in six languages, by a usual variant. Exact, never by likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable

from partnerships.exchange.columns import folded
from partnerships.parties.models import Party

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
# Words that come and go in names, and in "Congo, Democratic Republic of".
LITTLE = frozenset(("the", "of", "and", "la", "le", "les", "de", "du", "des", "del", "el", "los", "las", "l", "d", "et", "y"))
# Usual names beside the official ones, by ISO 3166-1 alpha-3.
VARIANTS = {
    "BIH": ("Bosnia", "Bosnia & Herzegovina"), "BOL": ("Bolivia",), "BRN": ("Brunei",), "CAF": ("CAR",), "CHN": ("PR China",),
    "CIV": ("Ivory Coast", "Cote d'Ivoire"), "COD": ("DR Congo", "DRC", "D.R. Congo", "Dem. Rep. Congo", "Congo (Kinshasa)",
                                                  "Congo-Kinshasa", "Congo DR", "Congo, Dem. Rep.", "RDC", "RD Congo"),
    "COG": ("Congo", "Congo (Brazzaville)", "Congo-Brazzaville", "Republic of the Congo", "Congo, Republic of", "Congo, Rep."),
    "CPV": ("Cape Verde",), "CZE": ("Czech Republic",), "GBR": ("United Kingdom", "UK", "Great Britain"), "IRN": ("Iran",),
    "KOR": ("South Korea", "Korea, Republic of"), "PRK": ("North Korea", "DPRK", "Korea, Democratic People's Republic of"),
    "LAO": ("Laos", "Lao PDR"), "FSM": ("Micronesia",), "MDA": ("Moldova",), "MKD": ("Macedonia", "FYROM"), "MMR": ("Burma",),
    "NLD": ("Netherlands", "Holland"), "PSE": ("Palestine", "occupied Palestinian territory", "oPt",
                                                   "Palestine, State of", "Palestinian territories", "West Bank and Gaza"),
    "RUS": ("Russia",), "SWZ": ("Swaziland",), "SYR": ("Syria",), "TLS": ("East Timor",), "TUR": ("Turkey",),
    "TZA": ("Tanzania",), "USA": ("United States", "US", "United States of America"), "VAT": ("Vatican",), "VEN": ("Venezuela",),
    "VNM": ("Vietnam",), "XKX": ("Kosovo",), "ESH": ("Western Sahara",), "GMB": ("Gambia, The",), "SVK": ("Slovak Republic",),
    "ARE": ("UAE",), "FLK": ("Falkland Islands", "Malvinas"), "XNK": ("Nagorno-Karabakh",),
}
# Names of those without a code of ISO 3166-1, as the funding history prints them and further usual ones.
ORGANISATIONS = {
    "EU": ("European Union", "European Commission", "European Union (EU)", "European Community",
           "European Commission's Humanitarian Aid and Civil Protection Department", "ECHO"),
    "OFID": ("OFID", "OPEC Fund", "OPEC Fund for International Development (OFID)"), "UNDP": ("UNDP",),
    "OCHA-PF": ("OCHA (pooled funds)", "OCHA", "UN OCHA", "OCHA pooled funds", "Country-based pooled funds", "CBPF", "CBPFs"),
    "CERF": ("UN CERF", "CERF", "Central Emergency Response Fund (CERF)", "UN Central Emergency Response Fund"),
    "CHF": ("Common Humanitarian Fund", "Common Humanitarian Fund (CHF)"), "SHF": ("Sudan Humanitarian Fund",),
    "CEB": ("Council of Europe Development Bank", "CEB"), "HGBF": ("Howard Buffett Foundation",),
    "UNA-SWE": ("United Nations Association (UNA)-Sweden", "UNA-Sweden"), "UNICEF": ("UNICEF",),
    "UNMAS": ("UNMAS", "UN Mine Action Service"), "ICRC": ("ICRC",),
    "HI": ("Humanity & Inclusion", "Handicap International", "Humanity and Inclusion"),
    "ITF": ("ITF", "International Trust Fund", "International Trust Fund for Demining and Mine Victims Assistance"),
    "GICHD": ("GICHD",), "NPA": ("Norwegian People's Aid", "NPA"), "MAG": ("MAG",), "HALO": ("The HALO Trust", "HALO"),
    "ISU": ("ISU", "Implementation Support Unit"),
}
# Codes that stand in such files without being of ISO 3166-1 alpha-3, or no longer.
OTHER_CODES = {"EUE": "EU", "EUU": "EU", "XKV": "XKX", "XKO": "XKX", "ROM": "ROU", "ZAR": "COD", "TMP": "TLS",
               "BUR": "MMR"}


GOVERNMENT = re.compile(r",?\s*\bgovernment of\b\s*", re.IGNORECASE)


def _key(name: str) -> str:
    return " ".join(sorted(set(folded(name).split()) - LITTLE))


class Places:
    """States, areas and organisations of the register (States first), found by what people call them."""

    def __init__(self, parties: Iterable[Party]) -> None:
        self.by_code: dict[str, Party] = {}
        self.by_name: dict[str, Party | None] = {}
        every = list(parties)
        for party in every:
            for code in (party.ref, party.iso2):
                if code:
                    self.by_code.setdefault(code.upper(), party)
        for party in every:  # full names first: a short form never takes a name from the State that bears it
            for name in (getattr(party, f"name_{language}") for language in LANGUAGES):
                self._name(name, party)
        self._variants(every)
        for party in every:
            short = _key(re.sub(r"\(.*?\)", "", party.name_en))
            self.by_name.setdefault(short, party)

    def _variants(self, every: list[Party]) -> None:
        for party in every:
            for name in VARIANTS.get(party.ref, ()):
                self.by_name[_key(name)] = party
        for party in every:  # after the States: an organisation never takes a name from one
            for name in ORGANISATIONS.get(party.ref, ()):
                self.by_name.setdefault(_key(name), party)

    def _name(self, name: str, party: Party) -> None:
        if name:
            other = self.by_name.setdefault(_key(name), party)
            if other is not party:  # two States share this name in some language: it says neither
                self.by_name[_key(name)] = None

    def code(self, text: str) -> Party | None:
        """The party that a code means, or None."""
        code = text.strip().upper()
        return self.by_code.get(OTHER_CODES.get(code, code))

    def find(self, text: str) -> Party | None:
        """The party that a cell names, or None."""
        code = text.strip().upper()
        found = self.by_code.get(code) or (self.by_name.get(_key(text)) if _key(text) else None)
        plain = GOVERNMENT.sub("", text)  # "Denmark, Government of", as financial tracking writes donors
        return self.find(plain) if found is None and plain.strip() and plain != text else found


def short(party: Party) -> str:
    """How files of the funding history call a party: ISO 3166-1 alpha-3, or its name where it has no such code."""
    if party.iso2:
        return party.ref
    names = ORGANISATIONS.get(party.ref) or VARIANTS.get(party.ref) or (party.name_en,)
    return names[0]
