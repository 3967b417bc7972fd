"""The words of public invoicing, each explained in one plain line: /aide/mots/, and beside the fields that ask for one.

It is what people read. `docs/glossary.md` says which word stands for what in the code.
"""

from __future__ import annotations

from dataclasses import dataclass

from .guide import Typeset


@dataclass(frozen=True, kw_only=True)
class OfficialWord(Typeset):
    """An official word. ``others``: what else it is called. ``line``: one sentence, read beside a field.

    ``more``: a few sentences for the page of words. ``guide``: the slug of the guide that goes with it.
    ``fields``: names of form fields, which mean this wherever they stand.
    """

    slug: str
    name: str
    others: tuple[str, ...] = ()
    line: str
    more: str = ""
    guide: str = ""
    fields: tuple[str, ...] = ()


_TERMS = (
    OfficialWord(
        slug="a-recycler",
        name="À recycler",
        line="La facture est arrivée au mauvais endroit : il faut corriger l’adresse, rien d’autre.",
        more="Vous changez le destinataire, le service ou le numéro d’engagement. Le numéro et les montants restent.",
        guide="repondre-a-l-organisme",
    ),
    OfficialWord(
        slug="acompte",
        name="Acompte",
        others=("avance",),
        line="Une partie du prix, facturée avant la fin du travail.",
        more="La dernière facture retire l’acompte déjà facturé. Le portail vous demande lesquels retirer.",
        guide="deposer-une-facture",
    ),
    OfficialWord(
        slug="annuaire",
        name="Annuaire",
        line="La liste de tous les organismes publics à qui l’on peut envoyer une facture.",
        more="Il dit aussi ce que chacun demande : un code service, un numéro d’engagement, ou rien.",
        guide="trouver-le-destinataire",
    ),
    OfficialWord(
        slug="avoir",
        name="Avoir",
        others=("facture d’origine",),
        line="Une facture à l’envers : elle annule tout ou partie d’une facture déjà envoyée.",
        more="Elle porte le numéro de la facture d’origine. Les montants s’écrivent sans signe moins.",
        guide="saisir-une-facture",
    ),
    OfficialWord(
        slug="cadre-de-facturation",
        name="Cadre de facturation",
        others=("A1, A2, A9…",),
        line="Il dit qui facture, et si quelqu’un doit donner son accord avant l’acheteur.",
        more="Dans presque tous les cas, c’est A1 : vous facturez vous-même ce que vous avez fait. "
        "A2 : la facture est déjà payée. A9 : vous êtes sous-traitant.",
        fields=("billing_framework",),
    ),
    OfficialWord(
        slug="certificat-de-depot",
        name="Certificat de dépôt",
        line="La preuve que votre facture est partie, avec le jour et l’heure.",
        guide="deposer-une-facture",
    ),
    OfficialWord(
        slug="code-service",
        name="Code service",
        others=("service à facturer", "service exécutant"),
        line="Il désigne la partie de l’organisme qui s’occupe de votre facture.",
        more="Une grande ville a des dizaines de services. L’annuaire donne leur liste. "
        "Votre contact sait lequel a passé la commande.",
        guide="trouver-le-destinataire",
        fields=("buyer_service",),
    ),
    OfficialWord(
        slug="compte-rendu",
        name="Compte rendu",
        line="La réponse à un envoi de plusieurs factures : ce que chacune est devenue.",
        guide="envoyer-plusieurs-factures",
    ),
    OfficialWord(
        slug="compte-technique",
        name="Compte technique",
        line="Ce qu’un logiciel utilise pour entrer à votre place, avec son propre mot de passe.",
        guide="brancher-un-logiciel",
    ),
    OfficialWord(
        slug="contribution-du-diffuseur",
        name="Contribution du diffuseur",
        line="Ce que verse à l’Urssaf celui qui paie un artiste-auteur : 1,1 % en plus du prix.",
        more="Elle ne se retire pas de votre facture : c’est une charge de celui qui paie.",
    ),
    OfficialWord(
        slug="delai-de-paiement",
        name="Délai de paiement",
        line="Le temps qu’a l’organisme pour payer : trente jours le plus souvent.",
        more="Un hôpital public a cinquante jours, une entreprise publique soixante. Le délai court du jour où l’organisme "
        "est prévenu que votre facture l’attend.",
        guide="suivre-une-facture",
    ),
    OfficialWord(
        slug="delegation",
        name="Délégation",
        line="Vous permettez à une autre structure (un comptable, un syndicat) d’agir à votre place.",
        more="Vous voyez tout ce qui est fait en votre nom, et vous y mettez fin quand vous voulez.",
        guide="agir-pour-un-client",
    ),
    OfficialWord(
        slug="espace-de-travail",
        name="Espace de travail",
        others=("habilitation",),
        line="Une part du travail d’une structure : envoyer, suivre, traiter, payer.",
        more="Le gestionnaire dit qui ouvre quel espace, pour toute la structure ou pour un service.",
        guide="regler-les-espaces",
    ),
    OfficialWord(
        slug="facture-electronique",
        name="Facture électronique",
        others=("Factur-X", "UBL", "CII"),
        line="Un fichier que les logiciels lisent sans erreur : du XML, seul ou caché dans un PDF.",
        more="Un PDF Factur-X se lit comme un autre, mais contient aussi ces données. "
        "Le portail le reconnaît, les vérifie, et vous dit si tout concorde.",
        guide="verifier-sans-compte",
    ),
    OfficialWord(
        slug="fiche-structure",
        name="Fiche structure",
        others=("structure",),
        line="La carte d’identité de celui qui facture ou qui reçoit : un nom, une adresse, un SIRET.",
        guide="fiche-structure",
    ),
    OfficialWord(
        slug="flux",
        name="Flux",
        line="Un envoi de factures électroniques, une seule ou beaucoup à la fois.",
        guide="envoyer-plusieurs-factures",
    ),
    OfficialWord(
        slug="franchise-en-base",
        name="Franchise en base",
        others=("TVA non applicable", "article 293 B du CGI"),
        line="En dessous d’un certain chiffre d’affaires, on ne facture pas la TVA.",
        more="La facture porte alors la mention « TVA non applicable, art. 293 B du CGI ». Le portail l’écrit pour vous.",
        guide="saisir-une-facture",
    ),
    OfficialWord(
        slug="gestionnaire",
        name="Gestionnaire",
        others=("gestionnaire principal",),
        line="La personne qui répond d’une structure : elle accepte les autres et dit ce que chacun fait.",
        more="La première personne qui crée la fiche en devient gestionnaire.",
        guide="regler-les-espaces",
    ),
    OfficialWord(
        slug="iban",
        name="IBAN",
        others=("RIB", "coordonnées bancaires"),
        line="Le numéro de votre compte bancaire, écrit sur le RIB que donne votre banque.",
        more="En France il commence par FR et compte vingt-sept signes. C’est là que l’organisme vous paie.",
        guide="fiche-structure",
        fields=("iban",),
    ),
    OfficialWord(
        slug="bic",
        name="BIC",
        others=("code SWIFT",),
        line="Le code de votre banque, huit ou onze signes, écrit sur le RIB à côté de l’IBAN.",
        fields=("bic",),
    ),
    OfficialWord(
        slug="interets-moratoires",
        name="Intérêts moratoires",
        others=("indemnité forfaitaire",),
        line="Ce que l’organisme vous doit en plus s’il paie en retard, avec quarante euros de frais.",
        more="Ils sont dus sans que vous les demandiez. La page de la facture fait le calcul et prépare la lettre.",
        guide="suivre-une-facture",
    ),
    OfficialWord(
        slug="maitre-d-oeuvre",
        name="Maître d’œuvre",
        others=("MOE",),
        line="Celui qui dirige les travaux, souvent l’architecte : il vérifie ce que vous demandez.",
        guide="factures-de-travaux",
        fields=("moe",),
    ),
    OfficialWord(
        slug="maitre-d-ouvrage",
        name="Maître d’ouvrage",
        others=("MOA",),
        line="Celui pour qui les travaux sont faits : la ville, l’hôpital, l’université.",
        guide="factures-de-travaux",
        fields=("moa",),
    ),
    OfficialWord(
        slug="mandat-de-facturation",
        name="Mandat de facturation",
        line="Vous donnez au portail le droit de fabriquer la facture en votre nom.",
        more="Il ne sert que pour saisir une facture à l’écran. Pour déposer votre propre fichier, il n’en faut pas.",
        guide="donner-un-mandat",
    ),
    OfficialWord(
        slug="mandat-de-paiement",
        name="Mandat de paiement",
        others=("mandatée",),
        line="L’ordre de payer que l’organisme donne à son comptable.",
        more="Rien à voir avec le mandat de facturation. Une facture « mandatée » est acceptée : le comptable doit la payer.",
        guide="mettre-en-paiement",
    ),
    OfficialWord(
        slug="mise-a-disposition",
        name="Mise à disposition",
        line="L’organisme peut ouvrir votre facture, et il en est prévenu : le délai court.",
        more="Elle peut rester dans cet état jusqu’au paiement : les étapes suivantes ne sont pas obligatoires.",
        guide="suivre-une-facture",
    ),
    OfficialWord(
        slug="mise-en-paiement",
        name="Mise en paiement",
        line="Le virement est parti. Comptez quelques jours avant de le voir sur votre compte.",
        guide="suivre-une-facture",
    ),
    OfficialWord(
        slug="motif",
        name="Motif",
        line="La raison que donne celui qui suspend, renvoie ou rejette une facture.",
        guide="suspendre-recycler-rejeter",
    ),
    OfficialWord(
        slug="note-pour-le-payeur",
        name="Note pour le payeur",
        line="Une page qui explique à l’organisme ce qu’est la facture d’un artiste-auteur.",
        guide="saisir-une-facture",
    ),
    OfficialWord(
        slug="numero-d-engagement",
        name="Numéro d’engagement",
        others=("engagement juridique", "numéro de bon de commande"),
        line="L’organisme le donne avec sa commande : il relie votre facture à l’argent mis de côté pour vous.",
        more="Il est écrit sur le bon de commande. Vous ne l’avez pas ? Demandez-le à la personne qui a commandé : "
        "personne d’autre ne le connaît. Beaucoup d’organismes refusent une facture qui ne l’a pas.",
        guide="trouver-le-destinataire",
        fields=("commitment",),
    ),
    OfficialWord(
        slug="numero-de-marche",
        name="Numéro de marché",
        line="Il est écrit sur le contrat que vous avez signé avec l’organisme, s’il y en a un.",
        more="Une commande courante n’en a pas : laissez vide.",
        fields=("contract",),
    ),
    OfficialWord(
        slug="numero-de-tva",
        name="Numéro de TVA",
        others=("TVA intracommunautaire",),
        line="Le numéro que donnent les impôts à qui facture la TVA ; en France il commence par FR.",
        fields=("vat_number",),
    ),
    OfficialWord(
        slug="piece-jointe",
        name="Pièce jointe",
        line="Un document qui accompagne la facture : devis signé, RIB, bon de livraison.",
        guide="garder-ses-pieces",
    ),
    OfficialWord(
        slug="precompte",
        name="Précompte",
        others=("dispense de précompte",),
        line="Des cotisations que certains payeurs retirent du prix pour les verser à l’Urssaf.",
        more="L’artiste qui a une dispense n’en a pas : il la donne avec sa facture.",
    ),
    OfficialWord(
        slug="rattachement",
        name="Rattachement",
        line="Le lien entre une personne et une structure, une fois accepté par le gestionnaire.",
        guide="rejoindre-une-structure",
    ),
    OfficialWord(
        slug="rejetee",
        name="Rejetée",
        line="L’organisme refuse la facture : il faut en faire une autre, avec un autre numéro.",
        guide="suivre-une-facture",
    ),
    OfficialWord(
        slug="seconde-preuve",
        name="Seconde preuve",
        others=("double authentification", "clé d’accès"),
        line="En plus du mot de passe, un geste que vous seul pouvez faire : un code, un doigt, une clé.",
        guide="proteger-son-compte",
    ),
    OfficialWord(
        slug="service-fait",
        name="Service fait",
        line="L’organisme confirme que le travail facturé a bien été fait.",
        guide="mettre-en-paiement",
    ),
    OfficialWord(
        slug="siren",
        name="SIREN",
        line="Les neuf premiers chiffres du SIRET : ils désignent l’entreprise, où qu’elle soit.",
    ),
    OfficialWord(
        slug="siret",
        name="SIRET",
        line="Le numéro d’une entreprise ou d’un organisme, à une adresse : quatorze chiffres, donnés par l’Insee.",
        more="Le vôtre est sur vos factures et sur l’avis de l’Insee. Il change quand vous déménagez.",
        guide="fiche-structure",
        fields=("siret",),
    ),
    OfficialWord(
        slug="sollicitation",
        name="Sollicitation",
        line="Une question écrite à l’organisme au sujet d’une facture, ou à la personne qui tient ce portail.",
        guide="poser-une-question",
    ),
    OfficialWord(
        slug="suspendue",
        name="Suspendue",
        line="Il manque une pièce : l’organisme attend que vous l’ajoutiez, et le délai s’arrête.",
        more="Ajoutez ce qui est demandé, renvoyez, et le délai repart.",
        guide="repondre-a-l-organisme",
    ),
    OfficialWord(
        slug="valideur",
        name="Valideur",
        line="L’entreprise qui donne son accord avant que l’acheteur reçoive la facture d’un sous-traitant.",
        guide="valider-un-sous-traitant",
        fields=("validator",),
    ),
)
TERMS: tuple[OfficialWord, ...] = tuple(sorted(_TERMS, key=lambda term: term.slug))
BY_SLUG = {term.slug: term for term in TERMS}
_BY_FIELD = {field: term for term in TERMS for field in term.fields}


def of_field(name: str) -> OfficialWord | None:
    """The term that a form field of this name asks for; None for a field that needs no explanation."""
    return _BY_FIELD.get(name)
