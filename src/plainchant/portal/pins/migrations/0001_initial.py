import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("structures", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "page",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("deposer", "Déposer une facture"),
                            ("saisir", "Saisir une facture"),
                            ("suivi", "Suivre vos factures"),
                            ("a-traiter", "Factures à traiter"),
                            ("recues", "Factures reçues"),
                            ("flux", "Suivi des flux"),
                            ("pieces", "Pièces gardées sous la main"),
                            ("sollicitations", "Sollicitations"),
                            ("annuaire", "Annuaire"),
                            ("verifier", "Vérifier une facture"),
                            ("structures", "Mes structures"),
                            ("notifications", "Mes notifications"),
                        ],
                        max_length=20,
                    ),
                ),
                ("pinned_at", models.DateTimeField()),
                (
                    "structure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="structures.structure",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="pins", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("page", ""), ("structure__isnull", False)),
                            models.Q(models.Q(("page", ""), _negated=True), ("structure__isnull", True)),
                            _connector="OR",
                        ),
                        name="pins_of_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("page", ""), _negated=True),
                        fields=("user", "page"),
                        name="pins_one_of_a_page",
                    ),
                    models.UniqueConstraint(fields=("user", "structure"), name="pins_one_of_a_structure"),
                ],
            },
        ),
    ]
