"""One more line of the log: a program that is told again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    former_version_works_because = "0.1.0: the column is as wide, and it shows a kind that it does not know as its code"

    dependencies = [
        ("structures", "0005_commitments"),
    ]

    operations = [
        migrations.AlterField(
            model_name="activityentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("CREATION", "a créé la fiche"),
                    ("FICHE", "a modifié la fiche"),
                    ("NOM", "a corrigé le nom"),
                    ("DEMANDE", "a demandé à être rattaché"),
                    ("ACCEPTATION", "a accepté une demande"),
                    ("REFUS", "a refusé une demande"),
                    ("INVITATION", "a invité une personne"),
                    ("INVITATION_RETIREE", "a retiré une invitation"),
                    ("INVITATION_ACCEPTEE", "a accepté une invitation"),
                    ("INVITATION_REFUSEE", "a refusé une invitation"),
                    ("DROITS", "a changé ce qu’une personne peut faire"),
                    ("DESACTIVATION", "a suspendu l’accès d’une personne"),
                    ("REACTIVATION", "a rendu son accès à une personne"),
                    ("DETACHEMENT", "a mis fin à un rattachement"),
                    ("DEPART", "a quitté la structure"),
                    ("TRANSMISSION", "a transmis la gestion"),
                    ("NOMINATION", "a nommé le gestionnaire"),
                    ("REMISE_EN_CAUSE", "a remis en cause les rattachements"),
                    ("ESPACE_DEMANDE", "a demandé un espace"),
                    ("ESPACE_REFUSE", "a refusé un espace"),
                    ("ESPACES", "a choisi les espaces de la structure"),
                    ("DELEGATION", "a ouvert une délégation"),
                    ("DELEGATION_CHANGEE", "a changé une délégation"),
                    ("DELEGATION_FINIE", "a mis fin à une délégation"),
                    ("DELEGATION_RENDUE", "a rendu une délégation"),
                    ("DELEGATION_DEMANDEE", "a demandé une délégation"),
                    ("DELEGATION_REFUSEE", "a refusé une délégation"),
                    ("TECHNIQUE_CREE", "a créé un compte technique"),
                    ("TECHNIQUE_RENOMME", "a renommé un compte technique"),
                    ("TECHNIQUE_DROITS", "a changé ce qu’un compte technique peut faire"),
                    ("TECHNIQUE_MDP_NEUF", "a donné un autre mot de passe à un compte technique"),
                    ("TECHNIQUE_MDP_RETIRE", "a retiré un mot de passe d’un compte technique"),
                    ("TECHNIQUE_FIN", "a mis fin à un compte technique"),
                    ("APPLICATION_CREEE", "a créé une application"),
                    ("APPLICATION_SECRET", "a donné un autre secret à une application"),
                    ("APPLICATION_RETRAIT", "a retiré un secret d’une application"),
                    ("APPLICATION_JETONS", "a annulé les jetons d’une application"),
                    ("APPLICATION_FIN", "a mis fin à une application"),
                    ("LOGICIEL_PREVENU", "fait prévenir un logiciel"),
                    ("LOGICIEL_ARRETE", "ne fait plus prévenir un logiciel"),
                    ("LOGICIEL_RENVOI", "fait prévenir de nouveau un logiciel"),
                    ("FERMETURE", "a fermé la structure aux nouvelles factures"),
                    ("REOUVERTURE", "a rouvert la structure"),
                    ("NOUVEAU_SIRET", "a déclaré un nouveau SIRET"),
                    ("DEMANDES", "a changé ce que la structure demande sur les factures"),
                    ("TEXTE_GARDE", "a gardé un texte pour les factures arrêtées"),
                    ("TEXTE_RETIRE", "a retiré un texte pour les factures arrêtées"),
                    ("ENGAGEMENTS", "a importé des engagements"),
                    ("SERVICE_AJOUTE", "a ajouté un service"),
                    ("SERVICE_MODIFIE", "a modifié un service"),
                    ("SERVICE_FERME", "a fermé un service"),
                    ("SERVICE_ROUVERT", "a rouvert un service"),
                    ("COMPTE_AJOUTE", "a ajouté un compte bancaire"),
                    ("COMPTE_DEMANDE", "a demandé l’ajout d’un compte bancaire"),
                    ("COMPTE_CONFIRME", "a confirmé un compte bancaire"),
                    ("COMPTE_REFUSE", "a refusé un compte bancaire"),
                    ("COMPTE_RENONCE", "a renoncé à l’ajout d’un compte bancaire"),
                    ("COMPTE_RENOMME", "a renommé un compte bancaire"),
                    ("COMPTE_FERME", "a retiré un compte bancaire"),
                ],
                max_length=20,
            ),
        ),
    ]
