"""The tables as a page of documentation, in French so that a union or an accountant can proof-read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from plainchant.einvoice.law import charges, payment
from plainchant.einvoice.law.dated import LAST_READ, Certainty, Dated, Source
from plainchant.einvoice.law.franchise import DOUBT as THRESHOLD_DOUBT
from plainchant.einvoice.law.franchise import NAMES, THRESHOLDS
from plainchant.einvoice.law.french_vat import (
    OUTSIDE,
    SUPPLIES,
    SUPPLY_OF,
    WITHHOLDING,
    WITHHOLDING_SOURCE,
    WITHOUT_VAT,
    Supply,
)
from plainchant.einvoice.law.vat_rates import RATES, UNTAXED, Territory
from plainchant.einvoice.making.presets import PRESETS
from plainchant.einvoice.wording import amount, day, money

from .assignment import L131_3, LONGEST, RIGHTS
from .dispense import SOURCE as DISPENSE_SOURCE
from .dispense import WHERE
from .lines import FLOORS, nature_of
from .note_point_table import POINTS
from .questions import Question
from .situation import LineTemplate, Situation
from .situation_table import SITUATIONS


def printed() -> str:
    """The whole page, in Markdown."""
    parts = [
        _opening(),
        _vat(),
        _thresholds(),
        _payment(),
        *(_situation(situation) for situation in SITUATIONS),
        _assignment(),
        _charges(),
        _note(),
        _presets(),
    ]
    return "\n".join(line for part in parts for line in part) + "\n"


def _opening() -> Sequence[str]:
    return (
        "# Les artistes-auteurs et les autres petits fournisseurs",
        "",
        "Imprimé par `make docs` depuis `src/plainchant/einvoice/making/authors/`, `french_vat.py`, `franchise.py` et "
        "`presets.py` ; ne pas corriger ici. En français, pour être relu par celles et ceux dont c’est le métier.",
        "",
        f"Les sources ont été lues en {LAST_READ}. Une source marquée « {Certainty.KNOWN} », "
        f"« {Certainty.SECOND_HAND} » ou « {Certainty.DISPUTED} » demande un œil de plus. « depuis » et « jusqu’au » "
        "sont les jours entre lesquels une ligne s’applique ; les tables commencent en 2020, les taux de TVA en 1992.",
        "",
    )


def _vat() -> Iterable[str]:
    yield from ("## La TVA", "", "Ce qui est vendu :", "")
    yield from _table(
        ("code", "ce qui est vendu", "nature", "taux", "source"),
        ((f"`{row.code}`", row.label, row.nature.label, _rate(row), _source(row.source)) for row in SUPPLIES),
    )
    yield from ("Les taux :", "")
    yield from _table(
        ("taux", "où", "%", "depuis", "jusqu’au", "source"),
        (
            (
                row.rate.value,
                ", ".join(sorted(category.label for category in row.territories)),
                amount(row.percent, least=0),
                *_dates(row),
                _source(row.source),
            )
            for row in RATES
        ),
    )
    yield from ("Sans TVA, la facture le dit ainsi :", "")
    coded = [(regime.label, *row) for regime, row in WITHOUT_VAT.items()]
    coded.append((" et ".join(sorted(category.label for category in UNTAXED)), *OUTSIDE))
    yield from _table(
        ("qui", "BT-118", "BT-121", "mention (BT-120)", "source"),
        ((label, row.category, f"`{row.code}`", row.mention, _source(source)) for label, row, source in coded),
    )
    yield from (f"{WITHHOLDING} ({_source(WITHHOLDING_SOURCE)})", "")
    yield from (
        "La Corse a des taux particuliers (CGI, art. 297), mais pour rien de ce qui est vendu ici : ce sont ceux du "
        "continent.",
        "",
    )


def _thresholds() -> Iterable[str]:
    yield from ("## Les seuils de la franchise", "")
    yield from _table(
        ("pour", "seuil", "toléré dans l’année", "depuis", "jusqu’au", "source"),
        (
            (NAMES[row.activity], _euros(row.base), _euros(row.tolerance), *_dates(row), _source(row.source))
            for row in THRESHOLDS
        ),
    )
    yield from (
        "Au-dessus du seuil dans l’année, sans passer le montant toléré : TVA au 1er janvier suivant. Au-dessus du "
        "montant toléré : TVA dès le jour du dépassement.",
        "",
        THRESHOLD_DOUBT,
        "",
    )


def _payment() -> Iterable[str]:
    yield from ("## Le paiement par un client public", "", "Ses délais, du jour où il est prévenu de la facture :", "")
    yield from _table(
        ("qui paie", "jours", "depuis", "jusqu’au", "source"),
        (
            (payer.label if payer else "type inconnu de l’annuaire", str(row.days), *_dates(row), _source(row.source))
            for row in payment.LIMITS
            for payer in (payment.PAYER_CATEGORY_OF.get(row.category),)
        ),
    )
    others = (
        ("après une suspension, au moins", [(f"{row.days} jours", row) for row in payment.AFTER_SUSPENSION]),
        ("indemnité forfaitaire par facture en retard", [(_euros(row.amount), row) for row in payment.LUMP_SUM]),
        ("intérêts moratoires : la BCE, majorée de", [(f"{row.amount} points", row) for row in payment.POINTS]),
        ("les deux sont payés, après le principal, sous", [(f"{row.days} jours", row) for row in payment.PAID_WITHIN]),
    )
    yield from _table(
        ("et aussi", "valeur", "depuis", "jusqu’au", "source"),
        ((what, value, *_dates(row), _source(row.source)) for what, rows in others for value, row in rows),
    )
    yield from (
        "Le taux de la BCE est celui du premier jour du semestre où les intérêts commencent ; il vaut jusqu’au "
        "paiement.",
        "",
    )
    yield from _table(
        ("depuis", "jusqu’au", "BCE, %", "intérêts, %", "source"),
        (
            (*_dates(row), amount(row.percent), amount(payment.interest_rate(at=row.since)), _source(row.source))
            for row in payment.CENTRAL_BANK_RATES
        ),
    )


def _situation(situation: Situation) -> Iterable[str]:
    since, until = _dates(situation)
    yield from (
        f"## {situation.label}",
        "",
        f"`{situation.code}`, depuis le {since}{f' jusqu’au {until}' if until else ''}.",
        "",
    )
    yield from (situation.explanation, "", f"**{situation.document.value.capitalize()}.** {situation.why}", "")
    if situation.leads_to:
        labels = (f"« {following.label} »" for following in SITUATIONS if following.code in situation.leads_to)
        yield from (f"On choisit ensuite : {', '.join(labels)}.", "")
    if situation.questions:
        yield from _table(("question", "aide", "réponse"), (_question(question) for question in situation.questions))
    if situation.lines:
        nature = nature_of(situation)
        yield from (f"Nature de l’opération : {nature.label} (BT-23 de la réforme : {nature.cadre()}).", "")
        yield from ("Les lignes de la facture :", "")
        yield from _table(("ligne", "description", "TVA"), (_line(line, situation) for line in situation.lines))
    if situation.attachments:
        yield from ("À joindre :", "")
        for attachment in situation.attachments:
            when = "" if attachment.is_always else ", si le payeur peut être un diffuseur"
            yield f"- {attachment.label}{when}. {attachment.why}"
        yield ""
    if situation.facts:
        yield from _table(
            ("ce que nous tenons pour vrai", "depuis", "jusqu’au", "source"),
            (
                (fact.text, *_dates(fact), " ; ".join(_source(source) for source in fact.sources))
                for fact in situation.facts
            ),
        )


def _question(question: Question) -> Sequence[str]:
    kinds = {
        "text": "texte",
        "long": "texte",
        "choice": "choix",
        "choices": "plusieurs choix",
        "date": "date",
        "amount": "montant",
        "number": "nombre",
    }
    answer = kinds[question.kind] + ("" if question.is_required else ", facultatif")
    if question.options:
        answer += " : " + " ; ".join(option.label for option in question.options)
    return question.label, question.help, answer


def _line(line: LineTemplate, situation: Situation) -> Sequence[str]:
    what = {"assignment": "le texte de la cession", "exhibition": "le texte de la cession"}
    description = what.get(line.wording, ". ".join(line.parts))
    if line.supply in SUPPLY_OF:
        rate = _rate(SUPPLY_OF[line.supply])
    else:
        question = next(asked for asked in situation.questions if asked.name == line.supply)
        rates = {option.label: _rate(SUPPLY_OF[option.value]) for option in question.options}
        rate = " ; ".join(f"{label} : {value}" for label, value in rates.items())
    return line.name + (" (facultative)" if line.is_optional else ""), description, rate


def _assignment() -> Iterable[str]:
    yield from ("## Le texte d’une cession", "")
    yield from (
        f"{L131_3.text} : chaque droit est nommé, et limité dans son étendue, sa destination, son lieu et sa durée. La "
        f"description de la ligne tient en {LONGEST} caractères, ce que le portail accepte.",
        "",
    )
    yield from _table(
        ("droit", "sur la facture", "source"), ((right.label, right.name, _source(right.source)) for right in RIGHTS)
    )
    yield from ("Minimum recommandé pour une exposition :", "")
    yield from _table(
        ("personnelle", "chaque artiste d’une collective", "part de la billetterie", "depuis", "jusqu’au", "source"),
        (
            (
                _euros(row.solo),
                _euros(row.each),
                f"{amount(row.tickets, least=0)} %",
                *_dates(row),
                _source(row.source),
            )
            for row in FLOORS
        ),
    )


def _charges() -> Iterable[str]:
    yield from ("## L’argent du payeur, jamais dans le total de la facture", "", "La contribution du diffuseur :", "")
    yield from _table(
        ("part", "%", "depuis", "jusqu’au", "source"),
        ((row.label, amount(row.percent), *_dates(row), _source(row.source)) for row in charges.CONTRIBUTION),
    )
    yield from ("Un organisme public est-il un diffuseur ? Plainchant ne tranche pas :", "")
    yield from _table(
        ("qui", "ce qu’il lit dans la loi", "source"),
        ((row.holder, row.text, _source(row.source)) for row in charges.READINGS),
    )
    yield from ("Pour une intervention :", "")
    for fact in charges.VISITS:
        yield f"- {fact.text} ({' ; '.join(_source(source) for source in fact.sources)})"
    yield from ("", f"Le précompte ({_source(charges.WITHHOLDING_SOURCE)}) :", "")
    yield from _table(
        ("cotisation", "%", "dont l’État", "retenu", "sur", "depuis", "jusqu’au", "source"),
        (
            (
                row.label,
                amount(row.percent),
                amount(row.state),
                amount(row.withheld),
                "le brut, jusqu’au plafond de l’année" if row.is_capped
                else f"{amount(row.share)} % du brut, tout au-delà de {row.shared_up_to} plafonds" if row.shared_up_to
                else "le brut",
                *_dates(row),
                _source(row.source),
            )
            for row in charges.COMPONENTS
        ),
    )  # fmt: skip
    yield from (charges.DOUBT, "", "Le plafond annuel de la sécurité sociale :", "")
    yield from _table(
        ("plafond", "depuis", "jusqu’au", "source"),
        ((_euros(row.amount), *_dates(row), _source(row.source)) for row in charges.CEILINGS),
    )
    yield from (_worked(), "")
    yield from (
        f"La dispense de précompte vaut pour l’année civile qu’elle indique ; elle se télécharge sur {WHERE} "
        f"({_source(DISPENSE_SOURCE)}).",
        "",
    )


def _worked() -> str:
    gross, at = Decimal(1000), charges.CEILINGS[-1].since
    worked = charges.withholding(gross=gross, at=at)
    assert worked is not None  # noqa: S101 - the last ceiling's own day
    more = money(charges.contribution(gross=gross, at=at), "EUR")
    parts = ", ".join(f"{part.label} {money(part.amount, 'EUR')}" for part in worked.parts)
    return (
        f"Exemple, {money(gross, 'EUR')} en {at.year} : contribution de {more} en plus, si le payeur est diffuseur. "
        f"Précompte, s’il l’est et n’a pas la dispense : {parts}, soit {money(worked.total, 'EUR')} retenus et "
        f"{money(worked.paid, 'EUR')} payés."
    )


def _note() -> Iterable[str]:
    yield from ("## La note pour le payeur", "", "Ce qui est entre accolades est rempli depuis la facture.", "")
    yield from _table(
        ("code", "question", "réponse", "depuis", "source"),
        (
            (
                f"`{point.code}`",
                point.question,
                f"**{point.short}** {point.text}".replace("****", "").strip(),
                _dates(point)[0],
                " ; ".join(_source(source) for source in point.sources),
            )
            for point in POINTS
        ),
    )


def _presets() -> Iterable[str]:
    yield from ("## Qui facture", "")
    for preset in PRESETS:
        yield from (f"### {preset.label}", "", f"`{preset.code}`. {preset.help}", "")
        yield f"- Formes : {', '.join(preset.legal_forms)}."
        yield f"- TVA, le cas habituel d’abord : {' ; '.join(regime.label for regime in preset.regimes)}."
        for mention in preset.mentions:
            yield f"- {mention.goes_to} : « {mention.text} ». {mention.why} ({_source(mention.source)})"
        for fact in preset.facts:
            yield f"- {fact.text} ({' ; '.join(_source(source) for source in fact.sources)})"
        yield ""


def _rate(supply: Supply) -> str:
    """Its rate by name, and the figure it has on the continent today."""
    rows = (row for row in RATES if row.rate is supply.rate and Territory.MAINLAND in row.territories)
    return f"{supply.rate.value} ({amount(next(row.percent for row in rows if row.until is None), least=0)} %)"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterable[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""


def _dates(row: Dated) -> tuple[str, str]:
    return day(row.since), day(row.until) if row.until else ""


def _source(source: Source) -> str:
    return source.text if source.certainty is Certainty.READ else f"{source.text} *({source.certainty})*"


def _euros(value: Decimal) -> str:
    return f"{amount(value, least=0)} €"
