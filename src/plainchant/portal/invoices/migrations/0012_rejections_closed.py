from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("invoices", "0011_chained_histories")]

    operations = [
        migrations.AddField(model_name="invoice", name="rejection_closed_at", field=models.DateTimeField(null=True)),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("NOTIFICATION_DESTINATAIRE", "Destinataire prévenu par courriel"),
                    ("TELECHARGEMENT_FACTURE", "Facture téléchargée par le destinataire"),
                    ("PAIEMENT_RECU", "Argent reçu, noté par vous"),
                    ("TRAITEMENT_REJET", "Refus classé par vous"),
                    ("PAIEMENT_NON_RECU", "Argent non reçu\xa0: vous corrigez ce que vous aviez noté"),
                    ("RELANCE_AIMABLE", "Rappel envoyé au destinataire"),
                    ("RELANCE_FERME", "Relance envoyée au destinataire"),
                    ("RELANCE_FORMELLE", "Mise en demeure envoyée au destinataire"),
                ],
                max_length=30,
            ),
        ),
    ]
