"""The space of works."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("structures", "0001_tables"),
    ]

    operations = [
        migrations.AlterField(
            model_name="grant",
            name="space",
            field=models.CharField(
                choices=[
                    ("FACTURES_EMISES", "Factures émises"),
                    ("FACTURES_RECUES", "Factures reçues"),
                    ("FACTURES_A_VALIDER", "Factures à valider"),
                    ("FACTURES_TRAVAUX", "Factures de travaux"),
                    ("SUIVI_DES_FLUX", "Suivi des flux"),
                    ("SOLLICITATIONS_RECUES", "Sollicitations reçues"),
                    ("ACTIVITES_DU_GESTIONNAIRE", "Activités du gestionnaire"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="spacerequest",
            name="space",
            field=models.CharField(
                choices=[
                    ("FACTURES_EMISES", "Factures émises"),
                    ("FACTURES_RECUES", "Factures reçues"),
                    ("FACTURES_A_VALIDER", "Factures à valider"),
                    ("FACTURES_TRAVAUX", "Factures de travaux"),
                    ("SUIVI_DES_FLUX", "Suivi des flux"),
                    ("SOLLICITATIONS_RECUES", "Sollicitations reçues"),
                    ("ACTIVITES_DU_GESTIONNAIRE", "Activités du gestionnaire"),
                ],
                max_length=30,
            ),
        ),
    ]
