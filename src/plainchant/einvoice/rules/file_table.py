"""What is said of the file itself, before any rule of an invoice: the rows behind the first two layers of a verdict.

Each finding says more than its row, with what was seen in the file (`syntaxes.xml`, `syntaxes.schema`,
`syntaxes.facturx.extract`, `syntaxes.archive`).
"""

from __future__ import annotations

from plainchant.einvoice.finding import Severity
from plainchant.einvoice.rule import Rule, table

# fmt: off
_ROWS: tuple[tuple[str, Severity, str, str], ...] = (
    ("FICHIER", "fatal", "The file is a PDF or XML.", "Ce fichier n’est ni un PDF ni un fichier XML. Choisissez la facture elle-même."),
    ("FICHIER-FERME", "fatal", "The file can be opened.", "Ce fichier n’a pas pu être ouvert sur cet ordinateur. Vérifiez ses droits, ou copiez-le."),
    ("ARCHIVE", "fatal", "The archive can be read, and holds no more than a flow may.", "L’archive est abîmée, protégée par un mot de passe ou trop lourde. Créez-la de nouveau, sans mot de passe et avec moins de fichiers."),
    ("XML-VIDE", "fatal", "The file is not empty.", "Le fichier est vide. Choisissez celui qui contient la facture."),
    ("XML-TAILLE", "fatal", "The file is not too heavy.", "Le fichier est trop lourd pour être vérifié ici. Allégez les pièces jointes."),
    ("XML-TROP-LONG", "fatal", "The file has no more elements than an invoice may have.", "Le fichier est trop long pour être vérifié ici. Répartissez les lignes sur plusieurs factures."),
    ("XML-CODAGE", "fatal", "The characters of the file can be read.", "Le codage des caractères du fichier n’est pas lisible. Enregistrez-le en UTF-8."),
    ("XML-DTD", "fatal", "The file declares no DOCTYPE.", "Le fichier contient une déclaration DOCTYPE, interdite dans une facture : elle peut cacher du contenu. Retirez-la."),
    ("XML-MAL-FORME", "fatal", "The file is well-formed XML.", "Ce n’est pas un fichier XML correct : il est peut-être coupé ou modifié. Produisez-le à nouveau avec votre logiciel."),
    ("XML-ESSAI", "warning", "The file is not marked as a test.", "C’est une facture d’essai (TestIndicator) : elle ne demande aucun paiement. Retirez cette marque avant de l’envoyer pour de bon."),
    ("PROFIL-INCONNU", "warning", "The file names a profile whose rules we know.", "Le profil annoncé (« {value} ») n’est pas connu ici : la facture est jugée par la norme EN 16931 seule. Vérifiez son nom ; si votre acheteur n’en demande pas, écrivez urn:cen.eu:en16931:2017."),
    ("XML-NON-REPRIS", "warning", "Everything the file says has a place in an invoice as we keep it.", "Le fichier dit aussi des choses que la norme ne prévoit pas à cet endroit. Elles ne sont ni affichées, ni reprises dans une conversion. Mettez dans une note ce que le destinataire doit lire."),
    ("CANAL-FORME-REDUITE", "fatal", "Approved platforms take whole invoices, not Chorus Pro's reduced forms.", "Cette forme réduite n’existe que dans Chorus Pro : une plateforme agréée demande la facture entière. Faites-la écrire par votre logiciel en UBL, en CII ou en Factur-X, ou passez par Chorus Pro."),
    ("CANAL-PROFIL", "fatal", "Approved platforms do not take the profile MINIMUM.", "Les plateformes agréées ne prennent pas le profil {profile}, qui ne dit pas assez de la facture. Annoncez et remplissez au moins le profil BASIC WL, ou passez par Chorus Pro."),
    ("XML-INCONNU", "fatal", "The document is an invoice in a format that is read here.", "Ce fichier XML n’est pas une facture dans un format que nous savons lire. Choisissez un fichier UBL ou CII."),
    ("PDF-ABIME", "fatal", "The PDF can be opened.", "Le PDF est abîmé et n’a pas pu être lu. Produisez-le à nouveau avec votre logiciel."),
    ("PDF-MOT-DE-PASSE", "fatal", "The PDF has no password.", "Le PDF est protégé par un mot de passe. Enregistrez-le sans protection."),
    ("FX-ABSENT", "fatal", "The PDF carries an invoice as XML.", "Ce PDF ne contient pas de facture électronique : c’est un PDF simple. Il peut partir tel quel, si ses données sont saisies à côté."),
    ("FX-NOM", "warning", "The XML in the PDF has the name of its kind.", "La facture contenue dans le PDF ne porte pas le nom attendu. Nommez-la factur-x.xml."),
    ("FX-PLUSIEURS", "warning", "The PDF carries one invoice.", "Le PDF contient plusieurs factures : une seule est lue. Retirez les autres."),
    ("FX-PROFIL", "warning", "A Factur-X names the same profile in its metadata and in its XML.", "Le PDF s’annonce du profil {level}, sa facture du profil {profile}. C’est celui de la facture qui compte ici : corrigez l’autre avec votre logiciel."),
    ("XSD", "fatal", "The file follows the official schema of its format.", "Le fichier ne suit pas le schéma de son format : un élément manque, est en trop, mal placé, ou n’a pas la forme prévue. Le message dit lequel ; corrigez-le."),
    ("XSD-PROFIL", "warning", "A Factur-X follows the schema of the profile it announces.", "Le fichier ne suit pas le profil Factur-X qu’il annonce. Annoncez un profil plus riche, ou retirez ce que celui-ci n’a pas."),
)
# fmt: on
RULES = table(
    Rule(
        id,
        (),
        english,
        french.replace(" :", "\u00a0:").replace(" ;", "\u00a0;"),
        severity,
        syntaxes=("ubl", "cii", "cpp"),
    )
    for id, severity, english, french in _ROWS
)
TEST_INVOICE = RULES["XML-ESSAI"]
