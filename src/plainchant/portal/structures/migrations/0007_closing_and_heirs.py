"""A structure that is closed says by whom, and one that goes on under another SIRET says for whom."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("structures", "0006_services_of_a_body"),
    ]

    operations = [
        migrations.AddField(
            model_name="structure",
            name="is_closed_by_operator",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="structure",
            name="origin",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="structures.structure",
            ),
        ),
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
                    ("DELEGATION", "a ouvert une délégation"),
                    ("DELEGATION_CHANGEE", "a changé une délégation"),
                    ("DELEGATION_FINIE", "a mis fin à une délégation"),
                    ("DELEGATION_RENDUE", "a rendu une délégation"),
                    ("DELEGATION_DEMANDEE", "a demandé une délégation"),
                    ("DELEGATION_REFUSEE", "a refusé une délégation"),
                    ("FERMETURE", "a fermé la structure aux nouvelles factures"),
                    ("REOUVERTURE", "a rouvert la structure"),
                    ("NOUVEAU_SIRET", "a déclaré un nouveau SIRET"),
                    ("DEMANDES", "a changé ce que la structure demande sur les factures"),
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
