"""A bank account may wait for a second person, and knows since when invoices may name it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    former_version_works_because = "0.1.0: its models do not have these columns, and it finds no waiting account open"

    dependencies = [
        ("structures", "0004_delegations_asked_for"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="bankaccount",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="is_waiting",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="opened_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL("UPDATE structures_bankaccount SET opened_at = created_at", migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE structures_bankaccount SET opened_at = created_at", migrations.RunSQL.noop),
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
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_waiting", True)),
                fields=("structure", "iban"),
                name="structures_one_waiting_account_an_iban",
            ),
        ),
    ]
