"""The words in which pledges are said, and what each of them means. Data for line.py; folded (no accents or capitals)."""

from __future__ import annotations

from partnerships.pledges.states import Earmarking, InKind, Oda, PledgeKind, PledgeObject

THEMES = {
    "survey-clearance": ("clearance", "mine clearance", "demining", "humanitarian demining", "survey", "survey and clearance",
                         "land release", "deminage", "desminado"),
    "risk-education": ("risk education", "mine risk education", "eore", "mre", "education aux risques"),
    "victim-assistance": ("victim assistance", "victims", "victim", "survivors", "va", "assistance to victims"),
    "stockpile-destruction": ("stockpile destruction", "stockpile", "stockpiles", "destruction of stockpiles"),
    "information-management": ("information management", "imsma"),
    "national-capacity": ("national capacity", "capacity", "capacity building", "coordination", "strategy", "national strategy"),
    "national-measures": ("national measures", "legislation", "national legislation", "national implementation measures"),
    "transparency-reporting": ("transparency", "transparency reporting", "article 7"),
    "gender-diversity": ("gender", "gender and diversity"),
    "research-technology": ("research", "technology"),
    "retained-mines": ("retained mines",),
}
OBJECTS = {
    PledgeObject.ISU_WORK_PLAN: ("isu", "the isu", "isu work plan", "work plan", "workplan", "isu budget",
                                 "implementation support unit"),
    PledgeObject.SPONSORSHIP: ("sponsorship", "sponsorship programme", "sponsorship program"),
    PledgeObject.MEETING_COSTS: ("meeting costs", "meetings costs", "costs of meetings", "cost of meetings", "meetings", "msp",
                                 "msp costs"),
    PledgeObject.FUND: ("trust fund", "fund", "voluntary trust fund", "vtf", "regional fund", "un trust fund"),
}
KINDS = {
    PledgeKind.IN_KIND: ("in kind", "inkind"),
    PledgeKind.POLITICAL: ("political", "politically", "political support", "political pledge"),
}
NATURES = {
    InKind.EQUIPMENT: ("equipment", "machines", "vehicles", "detectors"),
    InKind.EXPERTISE: ("expertise", "experts", "expert", "advisers", "adviser", "advisors"),
    InKind.TRAINING: ("training", "courses", "trainers", "instructors"),
}
EARMARKING = {
    Earmarking.NONE: ("unearmarked", "not earmarked", "core", "core funding"),
    Earmarking.SOFT: ("softly earmarked", "soft earmarked"),
    Earmarking.TIGHT: ("tightly earmarked",),
    Earmarking.EARMARKED: ("earmarked",),
}
ODA = {Oda.NO: ("non oda", "not oda", "no oda"), Oda.PARTLY: ("partly oda", "part oda"), Oda.YES: ("oda", "oda eligible")}
# Codes of needs.states.CHANNELS.
CHANNELS = {
    "un": ("via un", "through un", "via the un", "through the un", "via undp", "through undp", "via unmas", "through unmas"),
    "ngos": ("via ngos", "through ngos", "via ngo", "through ngo", "via an ngo", "via halo", "via mag", "via npa", "via fsd"),
    "red-cross": ("via icrc", "through icrc", "via the icrc", "through the icrc"),
    "bilateral": ("bilateral", "bilaterally"),
    "regional-funds": ("via itf", "through itf"),
}
ABOUT = ("about", "approximately", "approx", "around", "circa", "ca", "nearly", "almost", "roughly", "some", "up to", "environ",
         "alrededor de")
PER_YEAR = ("per year", "a year", "each year", "every year", "annually", "yearly", "per annum", "pa", "p a")
# Currencies that people name by a word; where several States use the word, the donor's own decides, else it is asked.
MONEY = {
    "dollar": ("USD",), "dollars": ("USD",), "euro": ("EUR",), "euros": ("EUR",), "yen": ("JPY",), "won": ("KRW",),
    "pound": ("GBP",), "pounds": ("GBP",), "sterling": ("GBP",), "franc": ("CHF",), "francs": ("CHF",), "rupees": ("INR",),
    **dict.fromkeys(("kr", "krone", "kroner", "krona", "kronor", "crowns", "crown"), ("NOK", "SEK", "DKK", "ISK", "CZK")),
}
SYMBOLS = {"$": ("USD",), "€": ("EUR",), "£": ("GBP",), "¥": ("JPY",), "₹": ("INR",)}
# Said and without meaning here.
_LITTLE = """
for to of the in on at by with from its it will would is be pledge pledges pledged announce announces announced contribution
contributions contribute contributes support supports programme program give gives towards over year years new this their our
we i funding money action mine project projects total worth
"""
LITTLE = frozenset(_LITTLE.split())
# Codes of parties that are words as well: a code only when they come first, or in capitals.
ALSO_WORDS = frozenset(("AND", "ARE", "CAN", "PER", "ISU", "MAR", "ARM"))
# Where a short name is exact for one State but said of two.
SAID_OF_TWO = {"congo": ("COD", "COG"), "korea": ("KOR", "PRK"), "guinea": ("GIN", "GNB", "GNQ")}
CONDITION = r"\b(?:subject to|conditional (?:on|upon)|provided(?: that)?|depending on|pending|sous réserve|if)\b"
