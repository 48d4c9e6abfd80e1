"""The second part of the demonstration's needs: invented, plausible, in years that run from the next one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from partnerships.needs.content import Content, packed
from partnerships.needs.states import Age, CostKind, Disability, Reached, Sex

# Years are counted from the need's first; areas in square metres; money in the need's currency.
WORK = {
    "clear": ((0, "Battambang: Rotonak Mondol", 180_000, 1_400_000, 150_000, 230_000, 1_200_000),
              (1, "Battambang: Samlout", 120_000, 1_500_000, 120_000, 250_000, 1_250_000),
              (2, "Banteay Meanchey: Malai", 0, 1_200_000, 0, 200_000, 1_000_000)),
}
PEOPLE = {
    "clear": ((Reached.AT_RISK, Sex.FEMALE, Age.ADULTS, Disability.ALL, 1_900),
              (Reached.AT_RISK, Sex.MALE, Age.ADULTS, Disability.ALL, 1_800),
              (Reached.AT_RISK, Sex.ALL, Age.CHILDREN, Disability.ALL, 2_600)),
    "limbs": ((Reached.SURVIVORS, Sex.FEMALE, Age.ADULTS, Disability.WITH, 620),
              (Reached.SURVIVORS, Sex.MALE, Age.ADULTS, Disability.WITH, 1_180),
              (Reached.SURVIVORS, Sex.ALL, Age.CHILDREN, Disability.WITH, 300)),
}
COSTS: dict[str, dict[CostKind, tuple[str, tuple[int, ...]]]] = {
    "clear": {CostKind.STAFF: ("Three platoons of 32 deminers", (1_350_000, 1_350_000, 1_050_000)),
              CostKind.EQUIPMENT: ("Detectors, vehicles, protective equipment", (520_000, 480_000, 310_000)),
              CostKind.TRAINING: ("", (130_000, 90_000, 60_000)),
              CostKind.COORDINATION: ("Quality control", (200_000, 200_000, 200_000))},
    "limbs": {CostKind.EQUIPMENT: ("Ovens, tools, components for three workshops", (340_000, 220_000)),
              CostKind.TRAINING: ("Two-year course for twelve technicians", (180_000, 200_000)),
              CostKind.SERVICES: ("Travel of survivors to the centres", (60_000, 60_000))},
}
COVERED = {
    "clear": (("National budget", 0, 500_000, "Salaries of supervisors"), ("National budget", 1, 600_000, "")),
    "limbs": (("Ministry of social affairs", 0, 120_000, "Premises and electricity"),),
}
TEXTS: dict[str, dict[str, Any]] = {
    "clear": {
        "national_note": "Quality control, the national database and the training centre are the State's own.",
        "risks": "Floods from July to October stop work in the lowlands. The plan assumes that access to the border strip "
                 "stays agreed.",
        "gender_analysis": "Women work most of the plots beside these areas and were asked first in the survey. A third of "
                           "the new deminers are to be women.",
        "sustainability": "After completion one platoon stays with the authority for residual finds.",
        "channels": ("national", "ngos", "un-trust-fund"),
        "plan_title": "Demonstration: work plan of land release, three years",
        "plan_url": "https://authority.example/work-plan"},
    "limbs": {
        "national_note": "The centres, their staff and their running costs are in the budget of the ministry.",
        "risks": "Trained technicians may leave for private clinics: a bond of three years is part of their course.",
        "gender_analysis": "Women survivors come less often, because of the journey: a women's dormitory is planned.",
        "sustainability": "The ministry takes over components and maintenance from the third year.",
        "channels": ("bilateral", "red-cross", "ngos"), "plan_title": "Demonstration: disability and rehabilitation plan"},
}
PROGRAMME = {
    "programme": {"a": "Nove províncias foram levantadas; das outras só há registos antigos.",
                  "b": "O custo do levantamento por região, e o equipamento que as províncias podem partilhar.",
                  "c": "Ajuda para estimar os anos que faltam, por província.",
                  "f": "Como a autoridade, o exército e os operadores dividem as tarefas."},
}


def second_part(key: str, year: int) -> Content:
    """The second part of one of the scenario's needs, as a part of a content; empty where the story has none.

    Arguments: key, the need's name in the scenario; year, its first.
    """
    part: dict[str, Any] = {
        "work": [{"year": year + offset, "area": area, "contamination": ("ap-mines", "other-remnants"),
                  "suspected_m2": suspected, "confirmed_m2": confirmed, "cancelled_m2": cancelled, "reduced_m2": reduced,
                  "cleared_m2": cleared}
                 for offset, area, suspected, confirmed, cancelled, reduced, cleared in WORK.get(key, ())],
        "people": [{"reached": reached, "sex": sex, "age": age, "disability": disability, "number": number}
                   for reached, sex, age, disability, number in PEOPLE.get(key, ())],
        "costs": sorted(({"year": year + offset, "kind": kind, "amount": Decimal(amount), "note": note if not offset else ""}
                         for kind, (note, amounts) in COSTS.get(key, {}).items() for offset, amount in enumerate(amounts)),
                        key=lambda line: line["year"]),
        "covered": [{"by_whom": who, "year": year + offset, "amount": Decimal(amount), "note": note}
                    for who, offset, amount, note in COVERED.get(key, ())],
        "programme": [{"part": name, "text": text} for name, text in PROGRAMME.get(key, {}).items()],
        **TEXTS.get(key, {}),
    }
    if "plan_title" in part:
        part["plan_year"] = year - 1
    return packed({name: value for name, value in part.items() if value})
