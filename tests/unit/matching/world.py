"""A small world in which every term has one clear reason to appear."""

from __future__ import annotations

from datetime import date

from partnerships.matching import Gift, Need, Offer, Partner

TODAY = date(2020, 6, 1)

GIFTS = (
    # A steady donor to Cambodia, once to its neighbour, once elsewhere in the same subregion.
    Gift("G01", "NOR", "KHM", 2017, 900_000.0, ("survey-clearance",), True),
    Gift("G02", "NOR", "KHM", 2019, 1_100_000.0, ("survey-clearance", "risk-education"), True),
    Gift("G03", "NOR", "LAO", 2018, 400_000.0, ("survey-clearance",), True),
    Gift("G04", "NOR", "MMR", 2018, None, ("risk-education",), False),
    # A donor that knows only the Andes.
    Gift("G05", "ESP", "COL", 2018, 300_000.0, ("victim-assistance",), True),
    Gift("G06", "ESP", "COL", 2019, 300_000.0, ("victim-assistance",), True),
    # A donor everywhere but in Cambodia.
    Gift("G07", "JPN", "COL", 2019, 700_000.0, ("survey-clearance",), True),
    Gift("G08", "JPN", "LAO", 2019, 700_000.0, ("survey-clearance",), False),
    Gift("G09", "JPN", "MMR", 2017, 700_000.0, (), True),
)

PARTNERS = (
    Partner("COL", "Colombia", True, "019", "005"),
    Partner("ESP", "Spain", True, "150", "039", ("es",)),
    Partner("JPN", "Japan", True, "142", "030", ("ja",)),
    Partner("KHM", "Cambodia", True, "142", "035", ("km",)),
    Partner("LAO", "Lao PDR", True, "142", "035", ("lo",)),
    Partner("MMR", "Myanmar", True, "142", "035"),
    Partner("NOR", "Norway", True, "150", "154", ("no", "en")),
    # Declared priorities and no history: every declared term.
    Partner(
        "FUND",
        "A fund",
        False,
        languages=("fr", "km"),
        themes=("survey-clearance",),
        kinds=("money",),
        regions=("035",),
        amount_min=100_000.0,
        amount_max=600_000.0,
        multi_year=True,
    ),
    # Named other places and themes, and gives only large amounts: every brake.
    Partner(
        "FAR",
        "A far fund",
        False,
        themes=("victim-assistance",),
        kinds=("money", "training"),
        countries=("COL",),
        amount_min=50_000_000.0,
    ),
    Partner("OFF", "An adviser", False),
    Partner("OLD", "An adviser of yesterday", False),
    Partner("NEW", "Nobody knows yet", False),
    Partner("EXC", "A fund that may not", False, themes=("survey-clearance",), excluded_countries=("KHM",)),
    Partner("GEAR", "A maker", False, kinds=("equipment",), themes=("survey-clearance",)),
)

OFFERS = (
    Offer(
        "O1",
        "OFF",
        "Training of survey teams",
        "We train national teams in technical survey of rice fields.",
        themes=("survey-clearance",),
        kinds=("training", "money"),
        countries=("KHM",),
        languages=("en",),
    ),
    Offer("O2", "OFF", "Prostheses", "Repair of limbs.", themes=("victim-assistance",), regions=("019",)),
    Offer("O3", "OLD", "Survey", "Technical survey of rice fields.", valid_until=date(2020, 5, 31)),
)

NEED = Need(
    "KHM-1",
    "KHM",
    "Technical survey of rice fields",
    "Survey and release of suspected areas in rice fields before the deadline.",
    "survey-clearance",
    kinds=("money",),
    language="en",
    state_languages=("km",),
    region="142",
    subregion="035",
    neighbours=("LAO", "VNM"),
    gap_usd=3_000_000.0,
    years=3,
    deadline=date(2021, 6, 1),
    valid_until=date(2020, 6, 1),
)

NEEDS = (
    NEED,
    Need(
        "COL-1",
        "COL",
        "Limbs",
        "Prostheses for survivors.",
        "victim-assistance",
        region="019",
        subregion="005",
    ),
    Need(
        "LAO-1",
        "LAO",
        "Rice fields",
        "Technical survey of rice fields.",
        "survey-clearance",
        region="142",
        subregion="035",
        neighbours=("KHM",),
    ),
    Need(
        "LAO-2",
        "LAO",
        "Over",
        "Technical survey of rice fields.",
        "survey-clearance",
        region="142",
        subregion="035",
        valid_until=date(2020, 1, 1),
    ),
)
