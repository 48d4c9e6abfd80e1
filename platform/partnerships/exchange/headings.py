"""What columns are called: our fields, their headings in the six languages of the United Nations, and usual synonyms.

The first heading of a field in each language is the one of our own template. Compared after folding: no accents, no marks,
no capitals.
"""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
# field: a heading in each language, in the order of LANGUAGES
OWN: Mapping[str, tuple[str, str, str, str, str, str]] = {
    "ref": ("Reference", "Référence", "Referencia", "الرقم المرجعي", "Номер записи", "编号"),
    "external_id": ("Your own number", "Votre numéro", "Su número", "رقمكم", "Ваш номер", "贵方编号"),
    "country": ("State", "État", "Estado", "الدولة", "Государство", "国家"),
    "title": ("Title", "Titre", "Título", "العنوان", "Название", "标题"),
    "summary": ("Summary", "Résumé", "Resumen", "الملخص", "Описание", "摘要"),
    "theme": ("Thematic area", "Domaine thématique", "Área temática", "المجال المواضيعي", "Тематическая область", "专题领域"),
    "kinds": ("Kind of assistance", "Type d'assistance", "Tipo de asistencia", "نوع المساعدة", "Вид помощи", "援助种类"),
    "place": ("Place", "Lieu", "Lugar", "المكان", "Место", "地点"),
    "year": ("Year", "Année", "Año", "السنة", "Год", "年份"),
    "first_year": ("First year", "Première année", "Primer año", "السنة الأولى", "Первый год", "起始年份"),
    "last_year": ("Last year", "Dernière année", "Último año", "السنة الأخيرة", "Последний год", "结束年份"),
    "amount": ("Amount", "Montant", "Importe", "المبلغ", "Сумма", "金额"),
    "national_share": ("National share", "Part nationale", "Parte nacional", "الحصة الوطنية", "Национальная доля", "本国承担"),
    "currency": ("Currency", "Devise", "Moneda", "العملة", "Валюта", "货币"),
    "deadline": ("Deadline", "Échéance", "Plazo", "الموعد النهائي", "Срок", "截止日期"),
    "valid_until": ("Valid until", "Valable jusqu'au", "Válido hasta", "صالح حتى", "Действительно до", "有效期至"),
    "beneficiaries": ("Who will benefit", "Bénéficiaires", "Beneficiarios", "المستفيدون", "Кому это поможет", "受益者"),
    "contact_name": ("Contact", "Contact", "Contacto", "جهة الاتصال", "Контакт", "联系人"),
    "contact_email": ("Contact's e-mail address", "Adresse électronique du contact", "Correo electrónico del contacto",
                      "البريد الإلكتروني لجهة الاتصال", "Электронная почта контакта", "联系人电子邮件"),
    "article": ("Article", "Article", "Artículo", "المادة", "Статья", "条款"),
    "basis": ("Basis", "Fondement", "Base", "الأساس", "Основание", "依据"),
    "source": ("Source", "Source", "Fuente", "المصدر", "Источник", "来源"),
    "amount_min": ("Smallest amount", "Montant minimal", "Importe mínimo", "أصغر مبلغ", "Наименьшая сумма", "最小金额"),
    "amount_max": ("Largest amount", "Montant maximal", "Importe máximo", "أكبر مبلغ", "Наибольшая сумма", "最大金额"),
    "regions": ("Regions", "Régions", "Regiones", "المناطق", "Регионы", "地区"),
    "countries": ("States", "États", "Estados", "الدول", "Государства", "各国"),
    "languages": ("Languages", "Langues", "Idiomas", "اللغات", "Языки", "语言"),
    "quantities": ("Quantities", "Quantités", "Cantidades", "الكميات", "Количество", "数量"),
    "conditions": ("Conditions", "Conditions", "Condiciones", "الشروط", "Условия", "条件"),
    "how_to_ask": ("How to ask for it", "Comment la demander", "Cómo solicitarlo", "كيفية الطلب", "Как запросить", "如何申请"),
}
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "ref": ("ref", "need", "register reference"),
    "external_id": ("id", "plan id", "plan code", "project code", "project id", "code", "identifier", "number", "no", "numero"),
    "country": ("country", "country iso3", "iso3", "iso", "iso code", "country code", "country name", "iso2", "state party",
                "affected state", "pays", "pais", "code pays", "البلد", "страна", "国别", "所属国"),
    "title": ("name", "plan name", "project title", "project name", "project", "need title", "intitule", "objet", "nombre",
              "objeto", "الاسم", "наименование", "名称"),
    "summary": ("description", "purpose", "details", "objective", "objectif", "but", "proposito", "objetivo", "الوصف",
                "الغرض", "цель", "说明", "目的"),
    "theme": ("theme", "cluster", "sector", "area of work", "pillar", "topic", "secteur", "sector tematico", "tema", "القطاع",
              "тема", "сектор", "部门", "主题"),
    "kinds": ("kind", "kinds", "type", "assistance"),
    "place": ("location", "province", "region of the state", "localisation", "ubicacion", "الموقع", "местоположение", "位置"),
    "year": ("years", "plan year", "period", "fiscal year", "annee budgetaire", "periode", "anos", "periodo", "الفترة",
             "период", "годы", "年"),
    "first_year": ("from year", "from", "start", "start year", "start date", "year from", "begin", "de", "debut",
                   "annee de debut", "desde", "inicio", "ano de inicio", "من", "من سنة", "с", "начало", "开始", "开始年份"),
    "last_year": ("to year", "to", "end", "end year", "end date", "year to", "a", "fin", "annee de fin", "hasta",
                  "ano final", "إلى", "إلى سنة", "по", "конец", "结束"),
    "amount": ("amount required", "requirement", "requirements", "required", "requested", "amount requested", "cost", "budget",
               "total cost", "total amount", "funding required", "funds required", "asked", "montant requis", "montant demande",
               "besoins", "cout", "monto", "importe requerido", "monto requerido", "monto solicitado", "costo", "coste",
               "presupuesto", "المبلغ المطلوب", "الاحتياجات", "التكلفة", "требуемая сумма", "потребности", "бюджет", "стоимость",
               "所需金额", "需求", "预算"),
    "national_share": ("of which national", "national", "national contribution", "own contribution", "state contribution",
                       "contribution nationale", "dont national", "contribucion nacional", "المساهمة الوطنية",
                       "национальный вклад", "本国出资"),
    "currency": ("currency code", "monnaie", "divisa", "币种"),
    "deadline": ("due", "due date", "date limite", "fecha limite", "最后期限"),
    "valid_until": ("valid to", "expires", "expiry", "expiry date"),
    "beneficiaries": ("beneficiary", "people reached"),
    "contact_name": ("contact name", "contact person", "focal point", "point de contact"),
    "contact_email": ("contact email", "email", "e mail", "mail", "courriel", "correo", "correo electronico"),
    "article": ("obligation",),
    "basis": ("based on", "document", "fondee sur", "justification"),
    "source": ("source url", "url", "link", "web address", "lien", "enlace", "الرابط", "ссылка", "链接"),
    "amount_min": ("from amount", "minimum", "min", "amount min"),
    "amount_max": ("up to", "maximum", "max", "amount max"),
    "regions": ("region",),
    "countries": ("country", "pays", "paises"),
    "languages": ("language", "working languages"),
    "quantities": ("quantity",),
    "conditions": ("condition",),
    "how_to_ask": ("how to ask", "how to apply"),
}
NEEDS = ("ref", "external_id", "country", "title", "summary", "theme", "kinds", "place", "year", "first_year", "last_year",
         "amount", "national_share", "currency", "deadline", "valid_until", "beneficiaries", "contact_name",
         "contact_email", "article", "basis", "source")
OFFERS = ("ref", "external_id", "title", "summary", "theme", "kinds", "regions", "countries", "languages", "currency",
          "amount_min", "amount_max", "quantities", "conditions", "how_to_ask", "contact_name", "contact_email", "valid_until")
FIELDS: Mapping[str, tuple[str, ...]] = {"needs": NEEDS, "offers": OFFERS}
# Words in a heading that say the amounts under it are in thousands or millions.
SCALES: Mapping[str, int] = {
    "000": 1000, "000s": 1000, "k": 1000, "thousand": 1000, "thousands": 1000, "milliers": 1000, "miles": 1000, "тыс": 1000,
    "тысяч": 1000, "آلاف": 1000, "بالآلاف": 1000, "千": 1000, "million": 1_000_000, "millions": 1_000_000, "mn": 1_000_000,
    "millones": 1_000_000, "млн": 1_000_000, "ملايين": 1_000_000, "百万": 1_000_000,
}
# Small words that a heading may carry beside its unit: "amount in thousands of USD".
LITTLE = frozenset(("in", "of", "en", "de", "us", "в", "от"))
