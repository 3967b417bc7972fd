"""The situations of an artist-author who is paid by a public body: one table, in the order a form shows it.

Sources are short so that a union can find and proof-read them; `docs/authors.md` is printed from here.
"""

from __future__ import annotations

from datetime import date

from plainchant.einvoice.law.dated import Certainty, Fact, Source
from plainchant.einvoice.law.french_vat import BEGINNING

from . import assignment
from .questions import AnswerChoice, Question
from .situation import Attachment, AuthorDocument, LineTemplate, Situation

RIB = Attachment("RIB", "Un relevé d’identité bancaire (RIB)", "Le comptable public le demande avant de payer.", "RIB")
DISPENSE = Attachment(
    "DISPENSE",
    "La dispense de précompte de l’année",
    "Elle dit au payeur de ne rien retenir pour l’Urssaf. Elle ne vaut que pour l’année civile qu’elle indique.",
    "PJA",
    is_always=False,
)

CAAP = Source("CAAP, fiche 1155 : obligation de facturer")
DECREE_2020 = Source("CSS, art. R382-1-1 et R382-1-2 (décret n° 2020-1095 du 28 août 2020)")


def _fact(text: str, *sources: Source, since: date = BEGINNING, until: date | None = None) -> Fact:
    return Fact(text=text, sources=sources, since=since, until=until)


def _price(name: str, label: str, help_: str = "", *, is_required: bool = True) -> Question:
    return Question(name=name, label=label, help=help_ or "Hors TVA.", kind="amount", is_required=is_required)


TITLE = Question(name="title", label="Quel est le titre de l’œuvre ?", help="« Sans titre » convient aussi.")
TECHNIQUE = Question(name="technique", label="Quelle technique ?", help="Par exemple : grès émaillé, huile sur toile.")
SIZE = Question(name="size", label="Quelles dimensions ?", help="Par exemple : 40 × 30 × 12 cm.", is_required=False)
YEAR = Question(name="year", label="De quelle année ?", is_required=False)
# What art. 98 A, II of annexe III calls a work of art, and how many of them may exist.
WORK_KIND = Question(
    name="work_kind",
    label="Quelle sorte d’œuvre est-ce ?",
    help="La loi ne tient pour œuvre originale que celles de cette liste, de votre main et en peu d’exemplaires.",
    kind="choice",
    options=(
        AnswerChoice("painting", "Peinture, dessin, collage (exemplaire unique)"),
        AnswerChoice("ceramic", "Céramique (pièce unique, signée)"),
        AnswerChoice("sculpture", "Sculpture (8 exemplaires au plus, et 4 épreuves d’artiste)"),
        AnswerChoice("print", "Gravure, estampe, lithographie (tirage limité)"),
        AnswerChoice("photograph", "Photographie (30 exemplaires au plus, signés et numérotés)"),
        AnswerChoice("tapestry", "Tapisserie, textile mural (8 exemplaires au plus)"),
        AnswerChoice("enamel", "Émail sur cuivre (8 exemplaires au plus, numérotés)"),
        AnswerChoice("other", "Aucune de celles-là"),
    ),
)
MOST_COPIES = {"painting": 1, "ceramic": 1, "sculpture": 12, "photograph": 30, "tapestry": 8, "enamel": 8}
COPIES = Question(
    name="copies",
    label="En combien d’exemplaires existe-t-elle ?",
    help="1 si elle est unique. Comptez les épreuves d’artiste.",
    kind="number",
    is_whole=True,
    default="1",
)
EDITION = Question(
    name="edition",
    label="Quel numéro porte-t-elle ?",
    help="Par exemple 3/8, s’il y en a plusieurs.",
    is_required=False,
)
EXPENSES = _price(
    "expenses", "Vos frais de déplacement à rembourser", "S’ils sont convenus. Ils suivent la TVA de la prestation.",
    is_required=False,
)  # fmt: skip
DATES = Question(name="dates", label="À quelles dates ?", help="Par exemple : les 3 et 4 novembre 2026.")
UNITS = {"session": "C62", "half-day": "C62", "day": "DAY", "hour": "HUR"}

SALE = Situation(
    code="SALE",
    since=BEGINNING,
    label="J’ai vendu une œuvre originale",
    explanation="Vous vendez l’objet lui-même : un tableau, une sculpture, une pièce de céramique unique. Votre client "
    "devient propriétaire de l’objet, pas du droit de le reproduire, qui reste à vous sauf cession écrite.",
    document=AuthorDocument.INVOICE,
    why="C’est une vente : elle se facture, même sans TVA.",
    questions=(
        TITLE, WORK_KIND, TECHNIQUE, SIZE, YEAR, COPIES, EDITION,
        _price("price", "Quel est le prix de l’œuvre ?"),
        _price("delivery", "Des frais de livraison ou d’emballage ?", "S’ils sont convenus, hors TVA.", is_required=False),
    ),
    lines=(
        LineTemplate(
            supply="WORK", name="Œuvre « {title} »", price="price",
            parts=("{technique}", "{size}", "{year}", "Exemplaire {edition}", "Les droits d’auteur restent à l’artiste (CPI, art. L111-3)"),
        ),
        LineTemplate(supply="WORK", name="Livraison de l’œuvre", price="delivery", is_optional=True),
    ),
    attachments=(RIB,),
    note_points=("INVOICE", "VAT", "CONTRIBUTION", "NO_WITHHOLDING_WORK", "NUMBERS"),
    facts=(
        _fact("Une œuvre originale se vend avec une TVA à 5,5 % (2,1 % aux Antilles et à La Réunion).",
              Source("CGI, art. 278-0 bis, I, 3° ; annexe III, art. 98 A, II ; art. 296")),
        _fact("Depuis 2025, le taux de 5,5 % vaut pour toutes les ventes d’œuvres, sauf à la marge.",
              Source("LF 2024, art. 83"), since=date(2025, 1, 1)),
        _fact("Au-delà du nombre d’exemplaires de la liste, l’objet n’est plus une œuvre d’art pour la TVA : 20 %.",
              Source("CGI, annexe III, art. 98 A, II ; BOI-TVA-SECT-90-10")),
        _fact("Vendre l’objet ne cède aucun droit d’auteur.", Source("CPI, art. L111-3", Certainty.KNOWN)),
        _fact("La vente d’un original n’est jamais soumise au précompte.", Source("CAAP, fiche 1027")),
    ),
)  # fmt: skip

RIGHTS = Situation(
    code="RIGHTS",
    since=BEGINNING,
    label="On va reproduire ou diffuser mon œuvre (je cède des droits d’auteur)",
    explanation="Votre image sur une affiche, votre texte dans une brochure, votre photo sur le site de la ville… Vous ne "
    "vendez pas l’œuvre. Vous donnez le droit de s’en servir, pour un usage, un lieu et un temps que la facture dit.",
    document=AuthorDocument.INVOICE,
    why="Une cession de droits à une mairie, une école ou un musée se facture. Seuls les éditeurs, les producteurs et les "
    "organismes de gestion collective établissent eux-mêmes un relevé.",
    questions=(TITLE, *assignment.QUESTIONS, _price("price", "Combien demandez-vous pour ces droits ?")),
    lines=(
        LineTemplate(supply="RIGHTS", name="Cession de droits d’auteur, « {title} »", price="price", wording="assignment"),
    ),
    attachments=(RIB, DISPENSE),
    note_points=("INVOICE", "VAT", "WITHHOLDING_VAT", "CONTRIBUTION", "WITHHOLDING", "NUMBERS"),
    facts=(
        _fact("Chaque droit cédé est nommé, et limité dans son étendue, sa destination, son lieu et sa durée.",
              assignment.L131_3),
        _fact("Les droits d’auteur se facturent avec une TVA à 10 % (2,1 % aux Antilles et à La Réunion).",
              Source("CGI, art. 279, g ; BOI-TVA-LIQ-30-20-100 ; art. 296")),
        _fact("Aucun document de l’artiste pour les redevances d’un éditeur, d’un producteur ou d’un OGC.", CAAP),
    ),
)  # fmt: skip

EXHIBITION = Situation(
    code="EXHIBITION",
    since=BEGINNING,
    label="On expose mes œuvres (droit de présentation publique)",
    explanation="Un musée, une médiathèque ou une mairie montre vos œuvres au public, sans les acheter. C’est un droit "
    "d’auteur, qui se cède par écrit et se paie, sauf si vous avez expressément accepté la gratuité.",
    document=AuthorDocument.INVOICE,
    why="C’est une cession de droits : elle se facture.",
    questions=(
        Question(name="exhibition", label="Comment s’appelle l’exposition ?"),
        Question(name="venue", label="Où a-t-elle lieu ?", help="Le nom du lieu et la ville."),
        Question(name="first_day", label="Quel jour ouvre-t-elle ?", kind="date"),
        Question(name="last_day", label="Quel jour ferme-t-elle ?", kind="date"),
        Question(name="works", label="Quelles œuvres sont montrées ?", help="Par exemple : 12 gravures de la série « Marées ».",
                 kind="long", is_required=False),
        Question(name="solo", label="Êtes-vous seul ou seule à exposer ?", kind="choice",
                 options=(AnswerChoice("solo", "Oui, c’est mon exposition", "exposition personnelle"),
                          AnswerChoice("group", "Non, nous sommes plusieurs", "exposition collective"))),
        Question(name="artists", label="Combien d’artistes exposent ?", kind="number", is_whole=True, only_if=("solo", "group")),
        Question(name="tickets", label="Recettes de la billetterie propre à l’exposition", kind="amount", is_required=False,
                 help="Seulement s’il y a un billet pour cette exposition : 3 % vous reviennent si c’est plus que le minimum."),
        assignment.EXCLUSIVE,
        _price("price", "Combien demandez-vous pour ce droit ?",
               "Le ministère de la Culture recommande 1 000 € au moins pour une exposition personnelle, 100 € par artiste "
               "pour une exposition collective. Hors TVA."),
    ),
    lines=(
        LineTemplate(supply="RIGHTS", name="Droit de présentation publique, {solo} « {exhibition} »", price="price",
                     wording="exhibition"),
    ),
    attachments=(RIB, DISPENSE),
    note_points=("INVOICE", "VAT", "WITHHOLDING_VAT", "CONTRIBUTION", "WITHHOLDING", "NUMBERS"),
    facts=(
        _fact("Exposer une œuvre est la représenter : il y faut l’accord écrit de l’artiste.", Source("CPI, art. L122-2")),
        _fact("Minimum recommandé, sur une base volontaire : 1 000 € pour une exposition personnelle. Pour "
              "une exposition collective : 100 € par artiste, et 1 000 € à partager à moins de dix. Ou 3 % de la billetterie "
              "propre, si c’est plus.",
              Source("Ministère de la Culture, recommandation de décembre 2019 ; La Maison des artistes")),
    ),
)  # fmt: skip

VISIT = Situation(
    code="VISIT",
    since=BEGINNING,
    label="J’ai fait une intervention dans une école, une bibliothèque ou un musée",
    explanation="Une lecture, une rencontre avec des élèves, un atelier. La venue se facture comme un travail ; le taux de "
    "TVA, si vous la facturez, dépend de ce que vous y avez fait.",
    document=AuthorDocument.INVOICE,
    why="Une intervention payée par un établissement public se facture par le portail, les visites scolaires comme le reste.",
    questions=(
        Question(name="act", label="Qu’avez-vous fait ?", kind="choice",
                 help="Si vous avez fait plusieurs choses, mettez une ligne pour chacune.",
                 options=(AnswerChoice("READING", "Une lecture de mes textes", "Lecture publique par l’auteur"),
                          AnswerChoice("PRESENTATION", "Une rencontre où j’ai présenté mes œuvres ou ma façon de travailler",
                                 "Rencontre avec présentation d’œuvres"),
                          AnswerChoice("MEETING", "Une rencontre, un débat ou une table ronde sur un autre sujet", "Rencontre, débat"),
                          AnswerChoice("WORKSHOP", "Un atelier : j’ai fait écrire, dessiner, modeler…", "Atelier artistique"))),
        Question(name="topic", label="Autour de quoi ?", help="Un livre, une série, un thème."),
        Question(name="place", label="Où ?", help="Le nom de l’établissement et la ville."),
        Question(name="audience", label="Devant qui ?", help="Par exemple : deux classes de CM2.", is_required=False),
        DATES,
        Question(name="unit", label="Comment comptez-vous ?", kind="choice", default="session",
                 options=(AnswerChoice("session", "En séances", "séance"), AnswerChoice("half-day", "En demi-journées", "demi-journée"),
                          AnswerChoice("day", "En journées", "journée"), AnswerChoice("hour", "En heures", "heure"))),
        Question(name="sessions", label="Combien y en a-t-il eu ?", kind="number", default="1"),
        _price("price", "Combien demandez-vous pour chacune ?",
               "Repères du CAAP : 48 fois le SMIC horaire la journée, 28 fois la demi-journée. Hors TVA."),
        EXPENSES,
    ),
    lines=(
        LineTemplate(supply="act", name="{act} ({unit})", price="price", quantity="sessions", unit_from="unit",
                     parts=("{topic}", "Lieu : {place}", "Public : {audience}", "Dates : {dates}")),
        LineTemplate(supply="act", name="Frais de déplacement", price="expenses", is_optional=True, parts=("Lieu : {place}", "Dates : {dates}")),
    ),
    attachments=(RIB,),
    note_points=("INVOICE", "VAT", "CONTRIBUTION_VISIT", "NO_WITHHOLDING_VISIT", "NUMBERS"),
    facts=(
        _fact("Facturer par le portail est obligatoire, y compris pour les interventions scolaires.", CAAP,
              Source("Ligue des auteurs professionnels")),
        _fact("La lecture publique et la présentation de ses œuvres sont une activité principale de l’auteur. La rencontre "
              "sans lecture ni présentation et l’atelier sont des activités accessoires.", DECREE_2020, since=date(2020, 8, 30)),
        _fact("TVA à 10 % pour la lecture et la présentation de ses œuvres, à 20 % pour l’atelier et les autres rencontres. "
              "D’autres auteurs facturent 20 % pour toute rencontre.",
              Source("Le Trait, recommandations 2023", Certainty.DISPUTED)),
        _fact("Repère de prix : 48 SMIC horaires la journée, 28 la demi-journée.", Source("CAAP, recommandations 2022"),
              since=date(2022, 1, 1)),
        _fact("Les frais refacturés suivent la TVA de la prestation.", Source("CGI, art. 267", Certainty.KNOWN)),
    ),
)  # fmt: skip

COMMISSION = Situation(
    code="COMMISSION",
    since=BEGINNING,
    label="C’est une commande : une œuvre, des droits et du travail technique",
    explanation="On vous commande une œuvre. On paie à la fois l’objet, le droit de s’en servir et un travail technique "
    "(maquette, pose, suivi d’impression…). Chaque part a sa ligne, son prix et son taux de TVA.",
    document=AuthorDocument.INVOICE,
    why="Une seule facture, plusieurs lignes : les taux de TVA ne sont pas les mêmes.",
    questions=(
        TITLE, TECHNIQUE, SIZE,
        _price("work_price", "Le prix de l’œuvre elle-même", "Laissez vide si l’objet reste à vous. Hors TVA.", is_required=False),
        *assignment.QUESTIONS,
        _price("rights_price", "Le prix des droits cédés"),
        Question(name="technical", label="Quel travail technique ?", help="Par exemple : pose sur place, deux jours.",
                 kind="long", is_required=False),
        _price("technical_price", "Le prix de ce travail", is_required=False),
    ),
    lines=(
        LineTemplate(supply="WORK", name="Œuvre « {title} »", price="work_price", is_optional=True, parts=("{technique}", "{size}")),
        LineTemplate(supply="RIGHTS", name="Cession de droits d’auteur, « {title} »", price="rights_price", wording="assignment"),
        LineTemplate(supply="TECHNICAL", name="Travail technique, « {title} »", price="technical_price", is_optional=True, parts=("{technical}",)),
    ),
    attachments=(RIB, DISPENSE),
    note_points=("INVOICE", "VAT", "WITHHOLDING_VAT", "CONTRIBUTION", "WITHHOLDING", "NUMBERS"),
    facts=(
        _fact("L’œuvre à 5,5 %, les droits à 10 %, le reste à 20 %.", Source("La Maison des artistes ; CNAP, fiche TVA")),
        _fact("Si les parts sont inséparables pour le client, une seule TVA s’applique à l’ensemble.",
              Source("CGI, art. 257 ter ; LF 2021, art. 44", Certainty.KNOWN)),
        _fact("La part qui est une vente d’original n’est pas soumise au précompte.", Source("CAAP, fiche 1027")),
    ),
)  # fmt: skip

NOTE = Situation(
    code="NOTE",
    since=BEGINNING,
    label="On me demande une « note de droits d’auteur »",
    explanation="C’est le nom que certains services donnent à la facture d’un artiste. Il leur faut les mêmes mentions : "
    "faites votre facture, et joignez la note pour le payeur, qui explique pourquoi.",
    document=AuthorDocument.INVOICE,
    why="Pour un payeur public, la note de droits d’auteur est une facture et en porte les mentions.",
    leads_to=("RIGHTS", "EXHIBITION", "VISIT", "SALE", "COMMISSION"),
    facts=(
        _fact("La note de droits d’auteur porte les mentions d’une facture.", Source("Légiculture ; CAAP, fiche 1155")),
        _fact("Un guide pour entreprises dit qu’elle peut remplacer la facture, sans SIRET. Les syndicats et l’administration "
              "fiscale disent le contraire pour les payeurs publics.", Source("creer-gerer-entreprendre.fr, 2021", Certainty.DISPUTED)),
    ),
)  # fmt: skip

GRANT = Situation(
    code="GRANT",
    since=BEGINNING,
    label="Je reçois une bourse, une aide ou un prix, sans rien en échange",
    explanation="On vous aide à créer, ou on récompense votre travail, sans vous demander ni œuvre, ni droits, ni intervention. "
    "Si on vous demande quelque chose en échange, même peu, ce n’est plus une bourse : choisissez la situation qui y ressemble.",
    document=AuthorDocument.NOTHING,
    why="Sans contrepartie il n’y a rien à facturer : la somme est hors du champ de la TVA. La lettre ou la convention qui vous "
    "l’accorde suffit au payeur. Gardez-la, et déclarez la somme avec vos revenus d’artiste.",
    facts=(
        _fact("Une bourse, une aide ou un prix sans contrepartie est hors du champ de la TVA : pas de facture.",
              Source("CNAP, fiche TVA ; FRAAP, nature fiscale des rémunérations")),
        _fact("Bourses et résidences sans diffusion commerciale, et prix : pas de contribution diffuseur.", Source("Urssaf, page diffuseur, 26 janvier 2024")),
    ),
)  # fmt: skip

NO_SIRET = Situation(
    code="NO_SIRET",
    since=BEGINNING,
    label="Je n’ai pas de numéro SIRET",
    explanation="Vous déclarez vos droits d’auteur comme un salaire et n’avez pas d’entreprise. Le portail ne connaît que des "
    "structures qui ont un SIRET : vous ne pouvez pas y faire de facture.",
    document=AuthorDocument.NOTHING,
    why="Si le payeur est un diffuseur, il retient vos cotisations (précompte), vous paie le reste et vous remet un certificat. "
    "Sinon, demandez un SIRET, c’est gratuit, sur le guichet des formalités des entreprises de l’INPI.",
    facts=(
        _fact("Sans SIRET, c’est le payeur diffuseur qui précompte et certifie.", Source("Droit et photographie, la dispense de précompte")),
        _fact("Un revenu versé par une mairie, une école ou un musée se déclare en bénéfices non commerciaux, donc avec un SIRET.",
              Source("CAAP, fiche 1113")),
    ),
)  # fmt: skip

SITUATIONS: tuple[Situation, ...] = (SALE, RIGHTS, EXHIBITION, VISIT, COMMISSION, NOTE, GRANT, NO_SIRET)
SITUATION_OF = {situation.code: situation for situation in SITUATIONS}
