"""The texts of the demonstration: invented, in the voice of the field, in the languages that such needs come in."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from partnerships.core.actor import Role
from partnerships.core.visibility import Visibility
from partnerships.offers.models import Nature

PRIORITIES: dict[str, dict[str, Any]] = {
    "NOR": {"statement": "Long partnerships for land release and victim assistance, with national ownership.",
            "themes": ("survey-clearance", "victim-assistance", "national-capacity"), "kinds": ("money", "expertise"),
            "regions": ("035", "017", "014"), "countries": (), "multi_year": True, "currency": "NOK",
            "amount_min": Decimal(2_000_000), "amount_max": Decimal(60_000_000), "visibility": Visibility.PUBLIC,
            "amount_typical": Decimal(15_000_000), "channels": ("ngos", "organisations", "un"), "budget_month": 1,
            "decision_months": ("03", "09"), "budget_note": "Requests reach us two months before a decision."},
    "JPN": {"statement": "Equipment, rehabilitation and South-South cooperation.",
            "themes": ("survey-clearance", "victim-assistance"), "kinds": ("money", "equipment", "training"),
            "regions": ("035", "002"), "countries": ("UKR",), "multi_year": False, "currency": "JPY",
            "amount_min": Decimal(10_000_000), "amount_max": Decimal(500_000_000), "visibility": Visibility.PUBLIC,
            "amount_typical": Decimal(90_000_000), "channels": ("bilateral", "un"), "budget_month": 4,
            "decision_months": ("02", "07"), "budget_note": "Requests come through the embassy, with a cost estimate."},
    "NLD": {"statement": "Humanitarian mine action in multi-year programmes.", "themes": ("survey-clearance", "risk-education"),
            "kinds": ("money",), "regions": (), "countries": ("COL", "LBN", "IRQ"), "multi_year": True,
            "currency": "EUR", "amount_min": Decimal(300_000), "amount_max": Decimal(3_000_000),
            "visibility": Visibility.STATES_PARTIES},
}

SOUTH_SOUTH = "Exchange of instructors in survey and clearance"
OFFERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("NOR", {"title": "Multi-year support to survey and clearance", "summary": (
        "Support over three years to national programmes that release land by survey first, with environmental care "
        "and women in survey and clearance teams."), "themes": ("survey-clearance", "gender-diversity"),
        "kinds": ("money",), "regions": ("035", "017"), "languages": ("en", "pt"), "currency": "NOK",
        "amount_min": Decimal(5_000_000), "amount_max": Decimal(40_000_000),
        "how_to_ask": "Write to the contact with the need's reference; answers within a month."}),
    ("JPN", {"title": "Rehabilitation equipment and training of technicians", "summary": (
        "Equipment for prosthetic and orthotic workshops, with training of technicians in South-East Asia."),
        "themes": ("victim-assistance",), "kinds": ("equipment", "training"), "regions": ("035",), "languages": ("en",),
        "currency": "JPY", "amount_min": Decimal(10_000_000), "amount_max": Decimal(120_000_000),
        "how_to_ask": "Through the embassy in your capital."}),
    ("GICHD", {"title": "Training in information management and non-technical survey", "summary": (
        "Courses and advice in English, French, Arabic and Portuguese for national authorities: databases, survey, "
        "land release standards, completion planning."), "themes": ("information-management", "survey-clearance",
        "national-capacity"), "kinds": ("training", "expertise"), "languages": ("en", "fr", "ar", "pt"),
        "how_to_ask": "Send the need's reference to the contact."}),
    ("HRV", {"title": "Experience in completing clearance", "summary": (
        "Exchange of experience between national authorities: prioritisation, use of mechanical assets, quality control, "
        "closing a programme."), "themes": ("survey-clearance", "national-capacity"), "kinds": ("exchange", "equipment"),
        "regions": ("039", "142"), "languages": ("en",), "how_to_ask": "Between authorities, through the missions."}),
    ("MOZ", {"nature": Nature.EQUIPMENT, "title": "Demining machines and detectors no longer needed", "summary": (
        "Equipment left in good order after completion of clearance, with its service books. Two mechanics can show how "
        "it is kept running."), "quantities": "2 flail machines of 2012, 60 detectors, 40 sets of protective equipment",
        "themes": ("survey-clearance",), "kinds": ("equipment",), "regions": ("002",), "languages": ("pt", "en"),
        "conditions": "The receiving State arranges transport.",
        "how_to_ask": "A letter of the national authority, with the need's reference."}),
    ("KHM", {"title": SOUTH_SOUTH, "summary": (
        "Instructors with many years of survey and manual clearance spend a month with a national programme: training of "
        "team leaders, prioritisation with communities, quality control."), "quantities": "4 instructors, a month each",
        "themes": ("survey-clearance", "national-capacity"), "kinds": ("exchange", "training"),
        "languages": ("en", "fr"), "conditions": "Travel and board are met by the receiving State or a third partner.",
        "how_to_ask": "Between authorities; the desk answers within three weeks."}),
    ("KHM", {"nature": Nature.EXPERTS, "title": "Instructors for mine detection dogs", "summary": (
        "Handlers and instructors who trained national teams and can assess a programme."), "kinds": ("expertise", "training"),
        "quantities": "6 instructors", "themes": ("survey-clearance",), "languages": ("en",), "how_to_ask": ""}),
    ("GICHD", {"nature": Nature.AGENCY, "title": "Advisory service for national mine action standards", "summary": (
        "Advice on national standards, quality management and land release policy."), "kinds": ("expertise",),
        "themes": ("national-capacity", "information-management"), "languages": ("en", "fr", "ar"), "how_to_ask": ""}),
    ("AGO", {"nature": Nature.CONTACT_POINT, "title": "National mine action authority, international cooperation", "summary": (
        "Answers questions on the national programme, accreditation and visits."), "kinds": ("exchange",), "themes": (),
        "languages": ("pt", "en"), "how_to_ask": ""}),
)
# Who posts for a party, where it is no donor's officer.
OFFERING_AS = {"GICHD": Role.ORGANISATION_OFFICER, "KHM": Role.FOCAL_POINT, "AGO": Role.FOCAL_POINT, "MOZ": Role.FOCAL_POINT}

OUTCOME = ("Four delegations announced support to the Implementation Support Unit's work plan and the Sponsorship "
           "Programme. Two pledges have been confirmed in writing since. One is conditional on parliamentary approval.")

NEEDS: dict[str, dict[str, Any]] = {
    "clear": {"party": "KHM", "status": "published", "published": 34, "deadline": 400,
              "amounts": [(2_400_000, 500_000), (2_400_000, 600_000), (1_900_000, 600_000)], "values": {
                  "title": "Clear 4.1 square kilometres of confirmed hazardous areas in Battambang and Banteay Meanchey",
                  "summary": "Three more demining platoons would release the last confirmed hazardous areas along the "
                             "north-western border in three years. The land is already allotted to farming families.\n\n"
                             "Survey is complete; national standards, quality control and the list of areas by "
                             "village are available to partners.",
                  "theme": "survey-clearance", "kinds": ("money", "equipment"), "place": "Battambang and Banteay Meanchey",
                  "article": "5", "currency": "USD", "language": "en",
                  "beneficiaries": "About 6 300 people in 14 villages, half of them women"}},
    "limbs": {"party": "KHM", "status": "published", "published": 75, "deadline": 0,
              "amounts": [(620_000, 120_000), (540_000, 160_000)], "values": {
                  "title": "Equip three provincial rehabilitation centres and train their technicians",
                  "summary": "Three centres lack workshop equipment and trained technicians; survivors travel for two "
                             "days to have a prosthesis fitted. Equipment, spare parts and a two-year course for "
                             "twelve technicians would bring the service within a day's travel.",
                  "theme": "victim-assistance", "kinds": ("equipment", "training"), "place": "Kampot, Kratie and Siem Reap",
                  "article": "6.3", "currency": "USD", "language": "en",
                  "beneficiaries": "About 2 100 survivors a year and other persons with disabilities"}},
    "schools": {"party": "KHM", "status": "submitted", "published": 0, "ago": 5, "deadline": 0,
                "amounts": [(180_000, 60_000)], "values": {
                    "title": "Risk education in 240 schools along the border",
                    "summary": "Teaching material and training of teachers in districts where new settlers arrive.",
                    "theme": "risk-education", "kinds": ("money", "training"), "place": "Oddar Meanchey and Preah Vihear",
                    "article": "6.3", "currency": "USD", "language": "en", "beneficiaries": "48 000 pupils"}},
    "draft": {"party": "KHM", "status": "draft", "published": 0, "deadline": 0, "amounts": [], "values": {
        "title": "Information management: move the national database", "summary": "", "theme": "information-management",
        "kinds": (), "place": "", "article": None, "currency": "USD", "language": "en"}},
    "cuando": {"party": "AGO", "status": "published", "published": 20, "deadline": 700,
               "amounts": [(1_300_000, 300_000), (1_300_000, 350_000)], "values": {
                   "title": "Levantamento não técnico e técnico de 61 áreas suspeitas no Cuando Cubango",
                   "summary": "Formação e equipamento de quatro equipas de levantamento para cancelar, reduzir ou confirmar "
                              "as últimas áreas suspeitas da província, antes da época das chuvas.",
                   "theme": "survey-clearance", "kinds": ("money", "training"), "place": "Cuando Cubango", "article": "5",
                   "currency": "USD", "language": "pt", "beneficiaries": "Cerca de 9 000 pessoas em 40 aldeias"}},
    "angola-returned": {"party": "AGO", "status": "returned", "published": 0, "ago": 9, "deadline": 0,
                        "amounts": [(900_000, 100_000)], "values": {
                            "title": "Apoio às vítimas no Moxico", "summary": "Reabilitação física e apoio económico.",
                            "theme": "victim-assistance", "kinds": ("money",), "place": "Moxico", "article": "6.3",
                            "currency": "USD", "language": "pt"}},
    "programme": {"party": "AGO", "status": "draft", "published": 0, "deadline": 0, "amounts": [], "values": {
        "title": "Apoio à elaboração do programa nacional até à conclusão", "theme": "national-capacity", "place": "Angola",
        "summary": "Peritos que ajudem a autoridade a elaborar o programa nacional dos últimos anos.",
        "kinds": ("expertise",), "article": "6.7", "currency": "USD", "language": "pt"}},
    "colombia": {"party": "COL", "status": "published", "published": 82, "deadline": 500,
                 "amounts": [(1_100_000, 400_000), (1_000_000, 450_000)], "values": {
                     "title": "Desminado humanitario y educación en el riesgo en doce municipios del Cauca",
                     "summary": "Despeje de áreas confirmadas cerca de escuelas y caminos, con equipos de la comunidad y "
                                "educación en el riesgo para quienes retornan.",
                     "theme": "survey-clearance", "kinds": ("money",), "place": "Cauca", "article": "5", "currency": "USD",
                     "language": "es", "beneficiaries": "11 500 personas"}},
    "chad": {"party": "TCD", "status": "published", "published": 15, "deadline": 220,
             "amounts": [(1_700_000, 90_000), (1_700_000, 110_000)], "values": {
                 "title": "Enquête et dépollution de 3 kilomètres carrés au Tibesti",
                 "summary": "Deux équipes d'enquête et de dépollution pour les zones confirmées autour des points d'eau, "
                            "avec transport et soutien médical.",
                 "theme": "survey-clearance", "kinds": ("money", "equipment"), "place": "Tibesti", "article": "5",
                 "currency": "EUR", "language": "fr", "beneficiaries": "Environ 4 000 personnes"}},
    "zimbabwe": {"party": "ZWE", "status": "published", "published": 50, "deadline": 610,
                 "amounts": [(2_100_000, 800_000), (2_000_000, 800_000)], "values": {
                     "title": "Clear the last 6 kilometres of the border minefield near Rushinga",
                     "summary": "Manual and mechanical clearance of the remaining stretch of a dense border minefield, "
                                "handed over to grazing communities section by section.",
                     "theme": "survey-clearance", "kinds": ("money", "equipment"), "place": "Rushinga", "article": "5",
                     "currency": "USD", "language": "en", "beneficiaries": "About 3 800 people"}},
    "lanka": {"party": "LKA", "status": "published", "published": 44, "deadline": 300,
              "amounts": [(950_000, 350_000)], "values": {
                  "title": "Completion: survey and clear the last 11 hazardous areas in Mullaitivu",
                  "summary": "A final year of survey and clearance, and a plan for what may be found after completion.",
                  "theme": "survey-clearance", "kinds": ("money", "exchange"), "place": "Mullaitivu", "article": "5",
                  "currency": "USD", "language": "en", "beneficiaries": "780 families"}},
    "bosnia": {"party": "BIH", "status": "published", "published": 12, "deadline": 450,
               "amounts": [(1_400_000, 700_000), (1_400_000, 750_000)], "values": {
                   "title": "Land release in 40 suspected areas by technical survey",
                   "summary": "Technical survey teams and mechanical assets for suspected areas in forests and along "
                              "rivers, where flooding has moved mines.",
                   "theme": "survey-clearance", "kinds": ("money", "equipment"), "place": "Doboj and Brčko",
                   "article": "5", "currency": "EUR", "language": "en", "beneficiaries": "About 15 000 people"}},
    "yemen": {"party": "YEM", "status": "published", "published": 28, "deadline": 120,
              "amounts": [(1_200_000, 50_000)], "values": {
                  "title": "دعم مراكز الأطراف الصناعية للناجين من الألغام في عدن وتعز",
                  "summary": "تحتاج ثلاثة مراكز إلى مواد وأجهزة وتدريب للفنيين حتى يحصل الناجون على الأطراف الصناعية "
                             "وإعادة التأهيل قرب بيوتهم.",
                  "theme": "victim-assistance", "kinds": ("money", "equipment"), "place": "عدن وتعز", "article": "6.3",
                  "currency": "USD", "language": "ar", "beneficiaries": "1 400"}},
    # Closed: what was asked for came. Its outcome stands below.
    "pailin": {"party": "KHM", "status": "published", "published": 330, "deadline": 0, "from": 0,
               "amounts": [(480_000, 120_000)], "values": {
                   "title": "Clear 0.9 square kilometres around two school grounds in Pailin",
                   "summary": "Two demining platoons would release the confirmed hazardous areas around two school grounds "
                              "in one dry season. 640 pupils cross them every day.\n\nThe areas were surveyed last year; "
                              "the authority checks the quality of each before it is handed over.",
                   "theme": "survey-clearance", "kinds": ("money",), "place": "Pailin", "article": "5", "currency": "USD",
                   "language": "en", "beneficiaries": "640 pupils and 1 100 people in three villages",
                   "plan_title": "Demonstration: provincial work plan of Pailin", "channels": ("ngos", "national"),
                   "national_note": "The State pays the platoons' salaries.",
                   "risks": "Rain may end the season early; one area then moves to the next.",
                   "sustainability": "The province looks after the land once it is handed over."}},
}

CLOSED: dict[str, Any] = {
    "outcome": "All of the area was released before the rains: 0.2 square kilometres by technical survey, the rest by "
               "clearance. Both school grounds are in use. One strip along the road was found to be free of mines.",
    "supporters": ("NOR", "NLD"), "received": Decimal(365_000)}
