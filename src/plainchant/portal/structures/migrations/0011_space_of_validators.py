"""The space of what one has to validate."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("structures", "0010_technical_accounts"),
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
                    ("SUIVI_DES_FLUX", "Suivi des flux"),
                    ("SOLLICITATIONS_RECUES", "Sollicitations reçues"),
                    ("ACTIVITES_DU_GESTIONNAIRE", "Activités du gestionnaire"),
                ],
                max_length=30,
            ),
        ),
    ]
