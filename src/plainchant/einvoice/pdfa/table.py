"""What the probe looks at, row by row: the clause of ISO 19005-3, what is looked at, and what to do about it.

Clauses that part 3 takes over from part 2 keep their number; the rows of Factur-X name its own specification.
The sentences go to people who send invoices, not to people who make PDFs: most say which setting to look for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Probe:
    """``french``: the finding; ``{}`` in it is what was seen (values, joined by commas), or nothing."""

    id: str
    clause: str
    looked_at: str
    french: str


_AGAIN = " Produisez à nouveau le PDF au format PDF/A-3 avec votre logiciel."
_MADE = " Demandez à l’éditeur de votre logiciel de corriger la façon dont il écrit le PDF."
_ROWS: Final = (
    # ---- 6.1 the file ----
    Probe(
        "PDFA-EN-TETE",
        "6.1.2",
        "the first line is %PDF-1.0 to 1.7, the second a comment of four bytes above 127",
        "Le fichier ne commence pas comme un PDF/A doit commencer{}." + _AGAIN,
    ),
    Probe(
        "PDFA-IDENTIFIANT",
        "6.1.3",
        "the trailer has an ID of two strings",
        "Le fichier n’a pas d’identifiant interne (ID)." + _AGAIN,
    ),
    Probe(
        "PDFA-CHIFFRE",
        "6.1.3",
        "the file is not encrypted",
        "Le PDF est protégé (chiffré), ce qu’un PDF/A ne peut pas être. Enregistrez-le sans protection.",
    ),
    Probe(
        "PDFA-FIN",
        "6.1.3",
        "nothing but one end of line after the last %%EOF",
        "Des octets suivent la fin du PDF : il a peut-être été modifié pendant son transport." + _AGAIN,
    ),
    Probe(
        "PDFA-TABLE",
        "6.1.4",
        "xref and its first subsection are separated by one end of line, the two numbers by one space",
        "La table des objets du PDF est mal écrite." + _MADE,
    ),
    Probe(
        "PDFA-HEXA",
        "6.1.6",
        "strings in hexadecimal hold an even number of hexadecimal digits",
        "Un texte interne du PDF est mal codé{}." + _MADE,
    ),
    Probe(
        "PDFA-FLUX",
        "6.1.7.1",
        "Length of streams is right; stream and endstream stand on lines of their own",
        "La longueur annoncée d’une partie du PDF est fausse, ou ses limites sont mal écrites." + _MADE,
    ),
    Probe(
        "PDFA-FLUX-EXTERNE",
        "6.1.7.1",
        "no stream is kept outside the file (F, FFilter, FDecodeParms)",
        "Une partie du PDF est rangée dans un autre fichier. Réunissez tout dans le PDF." + _AGAIN,
    ),
    Probe(
        "PDFA-FILTRE",
        "6.1.7.2",
        "filters are the standard ones, without LZWDecode; Crypt only as Identity",
        "Une partie du PDF est compressée d’une façon interdite{}." + _AGAIN,
    ),
    Probe(
        "PDFA-NOM",
        "6.1.8",
        "names of fonts and colorants are UTF-8",
        "Un nom de police ou de couleur n’est pas codé en UTF-8." + _MADE,
    ),
    Probe(
        "PDFA-OBJET",
        "6.1.9",
        "obj and endobj stand on lines of their own, their numbers separated by one space",
        "Les objets internes du PDF ne sont pas séparés comme il faut." + _MADE,
    ),
    Probe(
        "PDFA-IMAGE-EN-LIGNE",
        "6.1.10",
        "filters of inline images, without LZW and Crypt",
        "Une image de la page est compressée d’une façon interdite{}." + _AGAIN,
    ),
    Probe(
        "PDFA-PERMISSIONS",
        "6.1.12",
        "Perms holds UR3 and DocMDP only; a DocMDP signature has no digest keys",
        "Les droits inscrits dans le PDF (signature) ne sont pas ceux qu’un PDF/A peut porter." + _AGAIN,
    ),
    Probe(
        "PDFA-LIMITES",
        "6.1.13",
        "integers, strings, names, nested q, DeviceN colorants, page sizes and CIDs within the limits",
        "Une valeur interne du PDF dépasse les limites du PDF/A{}." + _MADE,
    ),
    # ---- 6.2 what is drawn ----
    Probe(
        "PDFA-OPERATEUR",
        "6.2.2",
        "content streams use only the operators of ISO 32000-1",
        "Une page contient une instruction de dessin inconnue{}." + _AGAIN,
    ),
    Probe(
        "PDFA-RESSOURCES",
        "6.2.2",
        "what a content stream names is in resources of its own",
        "Une page emploie un élément (police, image, couleur) qu’elle ne déclare pas{}." + _MADE,
    ),
    Probe(
        "PDFA-PROFIL-SORTIE",
        "6.2.3",
        "output intents: one ICC profile, of class prtr or mntr, RGB, CMYK or Gray, version below 5",
        "Le profil de couleurs du PDF ne convient pas{}. Choisissez un profil ICC courant, sRGB par exemple." + _AGAIN,
    ),
    Probe(
        "PDFA-ICC",
        "6.2.4.2",
        "profiles of ICCBased colour spaces: class, version, N agreeing with the profile",
        "Un profil de couleurs d’une page ne convient pas{}." + _AGAIN,
    ),
    Probe(
        "PDFA-SURIMPRESSION",
        "6.2.4.2",
        "no overprint mode 1 with an ICCBased CMYK colour",
        "Une page superpose des couleurs (surimpression) d’une façon interdite. "
        "Enlevez la surimpression dans les réglages de l’export." + _AGAIN,
    ),
    Probe(
        "PDFA-COULEUR",
        "6.2.4.3",
        "DeviceRGB, DeviceCMYK and DeviceGray used only with the output intent or default space they need",
        "Des couleurs sont employées sans le profil qui dit comment les rendre{}. "
        "Ajoutez un profil de sortie (sRGB par exemple) dans les réglages de l’export PDF/A.",
    ),
    Probe(
        "PDFA-COLORANT",
        "6.2.4.4",
        "spot colours are described the same way everywhere; DeviceN lists its colorants",
        "Une couleur nommée (ton direct) est décrite de plusieurs façons, ou pas du tout{}." + _AGAIN,
    ),
    Probe(
        "PDFA-ETAT-GRAPHIQUE",
        "6.2.5",
        "no transfer functions, halftone phase, or halftones other than types 1 and 5",
        "Une page contient un réglage d’imprimerie interdit{}." + _AGAIN,
    ),
    Probe(
        "PDFA-RENDU",
        "6.2.6",
        "rendering intents are the four standard ones",
        "Une page demande un mode de rendu des couleurs inconnu{}." + _AGAIN,
    ),
    Probe(
        "PDFA-IMAGE",
        "6.2.8",
        "images without Alternates, OPI, Interpolate true; standard bit depths",
        "Une image contient une option interdite{}. Désactivez le lissage ou les variantes d’images." + _AGAIN,
    ),
    Probe(
        "PDFA-JPEG2000",
        "6.2.8.3",
        "JPEG 2000: 1, 3 or 4 channels, one colour specification to be used, bit depths up to 38, all equal",
        "Une image JPEG 2000 n’a pas la forme permise{}. Enregistrez-la en JPEG ou en PNG." + _AGAIN,
    ),
    Probe(
        "PDFA-XOBJET",
        "6.2.9",
        "forms without OPI, PostScript or references; no PostScript XObject",
        "Une page contient un élément PostScript, ou venu d’un autre fichier{}." + _AGAIN,
    ),
    Probe(
        "PDFA-FUSION",
        "6.2.10",
        "blend modes are those of ISO 32000-1",
        "Une transparence emploie un mode de fusion inconnu{}. Aplatissez les transparences." + _AGAIN,
    ),
    Probe(
        "PDFA-TRANSPARENCE",
        "6.2.10",
        "a page with transparency has an output intent, or a group with a colour space",
        "Une page contient de la transparence sans dire dans quelles couleurs la calculer{}. "
        "Aplatissez les transparences ou ajoutez un profil de sortie.",
    ),
    Probe(
        "PDFA-POLICE",
        "6.2.11.2",
        "font dictionaries: Type, Subtype, BaseFont, FirstChar, LastChar, Widths",
        "Une police est mal décrite dans le PDF{}." + _AGAIN,
    ),
    Probe(
        "PDFA-CID",
        "6.2.11.3.1",
        "the CIDSystemInfo of a font agrees with its CMap's",
        "Une police et sa table de caractères ne vont pas ensemble{}." + _AGAIN,
    ),
    Probe(
        "PDFA-CIDTOGID",
        "6.2.11.3.2",
        "embedded CIDFontType2 fonts have a CIDToGIDMap: a stream or Identity",
        "Il manque à une police la table de ses dessins (CIDToGIDMap){}." + _AGAIN,
    ),
    Probe(
        "PDFA-CMAP",
        "6.2.11.3.3",
        "CMaps are predefined or embedded, WMode agrees, UseCMap names a predefined one",
        "La table de caractères d’une police n’est pas dans le PDF, ou se contredit{}." + _AGAIN,
    ),
    Probe(
        "PDFA-POLICE-ABSENTE",
        "6.2.11.4.1",
        "fonts used to show text are embedded",
        "Une police n’est pas incorporée au PDF{} : un autre poste pourrait l’afficher autrement. "
        "Cochez « incorporer les polices » dans l’export PDF/A.",
    ),
    Probe(
        "PDFA-GLYPHE-ABSENT",
        "6.2.11.4.1",
        "glyphs of TrueType fonts that are shown are in the font program",
        "Une police incorporée n’a pas tous les caractères employés{}." + _AGAIN,
    ),
    Probe(
        "PDFA-LARGEURS",
        "6.2.11.5",
        "widths declared for TrueType fonts agree with the font program",
        "Les largeurs de caractères annoncées pour une police ne sont pas celles de la police{}." + _AGAIN,
    ),
    Probe(
        "PDFA-ENCODAGE",
        "6.2.11.6",
        "TrueType: WinAnsi or MacRoman when not symbolic, no Encoding when symbolic",
        "Le codage des caractères d’une police ne convient pas{}." + _AGAIN,
    ),
    Probe(
        "PDFA-UNICODE",
        "6.2.11.7.2",
        "levels A and U: fonts have a ToUnicode map, unless their encoding says it all",
        "Le texte d’une police ne peut pas être relu comme du texte{}, "
        "ce que le niveau annoncé (A ou U) promet. Choisissez PDF/A-3B, ou une autre police.",
    ),
    Probe(
        "PDFA-NOTDEF",
        "6.2.11.8",
        "no text shows the empty glyph (.notdef) of a TrueType font",
        "Un caractère du texte n’existe pas dans sa police{} : la page montre une case vide. "
        "Choisissez une police qui a tous les caractères." + _AGAIN,
    ),
    # ---- 6.3 to 6.5 what reacts ----
    Probe(
        "PDFA-ANNOTATION",
        "6.3.1",
        "annotations are of the types of ISO 32000-1, without 3D, Sound, Screen and Movie",
        "Une annotation est d’un type interdit{} : son, film, objet 3D… Retirez-la." + _AGAIN,
    ),
    Probe(
        "PDFA-DRAPEAUX",
        "6.3.2",
        "annotations are printed and not hidden (F)",
        "Une annotation est cachée ou ne s’imprime pas{}. Rendez-la visible, ou retirez-la." + _AGAIN,
    ),
    Probe(
        "PDFA-APPARENCE",
        "6.3.3",
        "annotations have an appearance, of the normal kind only",
        "Une annotation ou un champ n’a pas d’apparence fixe{}. "
        "Aplatissez les champs et les annotations avant l’export." + _AGAIN,
    ),
    Probe(
        "PDFA-CHAMP-ACTION",
        "6.4.1",
        "widgets and fields carry no action (A, AA)",
        "Un champ de formulaire déclenche une action. Aplatissez le formulaire." + _AGAIN,
    ),
    Probe(
        "PDFA-NEEDAPPEARANCES",
        "6.4.1",
        "NeedAppearances is absent or false",
        "Le PDF laisse au lecteur le soin de dessiner ses champs. Aplatissez le formulaire." + _AGAIN,
    ),
    Probe(
        "PDFA-XFA",
        "6.4.2",
        "no XFA form, no NeedsRendering",
        "Le PDF contient un formulaire XFA. Aplatissez le formulaire." + _AGAIN,
    ),
    Probe(
        "PDFA-ACTION",
        "6.5.1",
        "no JavaScript, Launch, Sound, Movie, ResetForm, ImportData, Hide… actions; four named ones",
        "Le PDF déclenche une action interdite{} (script, lancement d’un programme, son…). Retirez-la." + _AGAIN,
    ),
    Probe(
        "PDFA-DECLENCHEUR",
        "6.5.2",
        "no additional actions (AA) on the catalog and on pages",
        "Le PDF déclenche une action à l’ouverture ou au changement de page. Retirez-la." + _AGAIN,
    ),
    # ---- 6.6 what it says of itself ----
    Probe(
        "PDFA-XMP-ABSENT",
        "6.6.2.1",
        "the catalog has a metadata stream, not empty",
        "Le PDF n’a pas de métadonnées (XMP) : rien n’y dit que c’est un PDF/A-3." + _AGAIN,
    ),
    Probe(
        "PDFA-XMP-FLUX",
        "6.6.2.1",
        "the metadata stream says what it is (Type, Subtype)",
        "Les métadonnées du PDF ne se présentent pas comme telles (Type, Subtype)." + _MADE,
    ),
    Probe(
        "PDFA-XMP-PAQUET",
        "6.6.2.1",
        "the packet header has no bytes and no encoding attribute",
        "L’en-tête des métadonnées (XMP) contient un attribut interdit." + _MADE,
    ),
    Probe(
        "PDFA-XMP-ILLISIBLE",
        "6.6.2.1",
        "the metadata are well-formed XML with an rdf:RDF",
        "Les métadonnées (XMP) du PDF ne sont pas lisibles{}." + _AGAIN,
    ),
    Probe(
        "PDFA-XMP-DOUBLE",
        "6.6.2.1",
        "no property stands twice in the metadata",
        "Une métadonnée (XMP) est écrite deux fois{}." + _MADE,
    ),
    Probe(
        "PDFA-XMP-TYPE",
        "6.6.2.3.1",
        "properties have the type their schema gives them",
        "Une métadonnée (XMP) n’a pas la forme prévue{}." + _MADE,
    ),
    Probe(
        "PDFA-XMP-INCONNU",
        "6.6.2.3.1",
        "properties belong to a predefined schema or are described by an extension schema",
        "Une métadonnée (XMP) n’est décrite nulle part{}." + _MADE,
    ),
    Probe(
        "PDFA-XMP-EXTENSION",
        "6.6.2.3.3",
        "extension schemas: fields, containers, prefixes",
        "La description des métadonnées propres au PDF est incomplète ou mal écrite{}." + _MADE,
    ),
    Probe(
        "PDFA-PARTIE",
        "6.6.4",
        "pdfaid:part is 3, its prefix pdfaid",
        "Le PDF ne se déclare pas PDF/A-3{}. Choisissez « PDF/A-3 » dans les réglages de l’export.",
    ),
    Probe(
        "PDFA-NIVEAU",
        "6.6.4",
        "pdfaid:conformance is A, B or U",
        "Le niveau de PDF/A annoncé n’existe pas{}." + _AGAIN,
    ),
    # ---- 6.7 level A ----
    Probe(
        "PDFA-BALISES",
        "6.7.2.2",
        "level A: MarkInfo with Marked true",
        "Le PDF annonce le niveau A sans être balisé. Exportez un PDF balisé, ou choisissez PDF/A-3B.",
    ),
    Probe(
        "PDFA-STRUCTURE",
        "6.7.3.3",
        "level A: a structure tree",
        "Le PDF annonce le niveau A sans décrire sa structure. Exportez un PDF balisé, ou choisissez PDF/A-3B.",
    ),
    Probe(
        "PDFA-ROLES",
        "6.7.3.4",
        "level A: own structure types map to standard ones, standard ones are not mapped elsewhere",
        "Le PDF annonce le niveau A, mais nomme une partie de sa structure d’un mot inconnu{}. Choisissez PDF/A-3B.",
    ),
    Probe(
        "PDFA-LANGUE",
        "6.7.4",
        "level A: language tags have the form of RFC 3066",
        "La langue inscrite dans le PDF n’est pas une langue connue{}. Indiquez « fr » ou « fr-FR »." + _AGAIN,
    ),
    # ---- 6.8 the files inside ----
    Probe(
        "PDFA-FICHIER-TYPE",
        "6.8",
        "embedded files have a MIME type (Subtype)",
        "Un fichier joint au PDF n’a pas de type{}, par exemple text/xml." + _MADE,
    ),
    Probe(
        "PDFA-FICHIER-NOM",
        "6.8",
        "file specifications have F and UF",
        "Un fichier joint au PDF n’a pas ses deux noms (F et UF)." + _MADE,
    ),
    Probe(
        "PDFA-FICHIER-LIEN",
        "6.8",
        "file specifications say their relationship (AFRelationship, a name)",
        "Un fichier joint ne dit pas son rapport avec la facture (AFRelationship){}." + _MADE,
    ),
    Probe(
        "PDFA-FICHIER-ASSOCIE",
        "6.8",
        "embedded files are associated with the document or a part of it (AF)",
        "Un fichier joint n’est rattaché à aucune partie du PDF (AF){}." + _MADE,
    ),
    # ---- 6.9 to 6.11 ----
    Probe(
        "PDFA-CALQUES",
        "6.9",
        "optional content configurations: Name present and different, all groups in Order, no AS",
        "Les calques du PDF sont mal décrits{}. Aplatissez les calques." + _AGAIN,
    ),
    Probe(
        "PDFA-PRESENTATION",
        "6.10",
        "no AlternatePresentations, no PresSteps",
        "Le PDF contient une présentation animée{}. Retirez-la." + _AGAIN,
    ),
    Probe(
        "PDFA-EXIGENCES",
        "6.11",
        "no Requirements in the catalog",
        "Le PDF exige des fonctions du logiciel qui l’ouvre (Requirements)." + _AGAIN,
    ),
    # ---- Factur-X ----
    Probe(
        "PDFA-FX-METADONNEES",
        "Factur-X",
        "a PDF with an invoice inside has the fx: properties DocumentFileName and Version",
        "Les métadonnées ne disent pas que ce PDF est une facture Factur-X. Exportez-le comme Factur-X, "
        "pas seulement comme PDF avec un fichier joint.",
    ),
    Probe(
        "PDFA-FX-NOM",
        "Factur-X",
        "fx:DocumentFileName is the name of a file inside",
        "Les métadonnées annoncent un fichier de facture qui n’est pas dans le PDF sous ce nom{}. "
        "Nommez-le « factur-x.xml » des deux côtés.",
    ),
    Probe(
        "PDFA-FX-TYPE",
        "Factur-X",
        "fx:DocumentType is INVOICE",
        "Les métadonnées n’annoncent pas une facture (DocumentType){}. Indiquez INVOICE.",
    ),
    Probe(
        "PDFA-FX-PROFIL",
        "Factur-X",
        "fx:ConformanceLevel is one of the levels of Factur-X",
        "Le profil Factur-X annoncé par les métadonnées n’existe pas{}. "
        "Indiquez MINIMUM, BASIC WL, BASIC, EN 16931 ou EXTENDED.",
    ),
    Probe(
        "PDFA-FX-PARAMS",
        "Factur-X",
        "the invoice inside says when it was changed (Params, ModDate)",
        "Le fichier de facture joint ne dit pas sa date (ModDate)." + _MADE,
    ),
    # ---- what the probe could not do ----
    Probe(
        "PDFA-ILLISIBLE",
        "—",
        "the file can be opened as a PDF",
        "Le PDF est abîmé : sa conformité au PDF/A-3 n’a pas pu être regardée." + _AGAIN,
    ),
    Probe(
        "PDFA-INCOMPLET",
        "—",
        "the file is within what the probe looks at",
        "Le PDF est trop volumineux pour être regardé en entier{} : sa conformité n’a été vue qu’en partie.",
    ),
)


def _spaced(row: Probe) -> Probe:
    """The no-break spaces of French typography, which an editor loses too easily."""
    french = row.french
    for mark in ":;?!»":
        french = french.replace(f" {mark}", f"\u00a0{mark}")
    return Probe(row.id, row.clause, row.looked_at, french.replace("« ", "«\u00a0"))


PROBES: Final = {row.id: _spaced(row) for row in _ROWS}
