"""A piece of works names who directs them and for whom they are done, and the piece that it was made from."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    former_version_works_because = "0.1.0: it makes no piece from another, so that the column stays empty"
    dependencies = [
        ("invoices", "0003_frozen"),
        ("structures", "0002_space_of_works"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="first_piece",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="invoices.invoice",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="first_received_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="invoice",
            name="made_from",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="invoices.invoice",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="moa",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="structures.structure",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="moe",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="structures.structure",
            ),
        ),
        migrations.AlterField(
            model_name="invoice",
            name="status",
            field=models.CharField(
                choices=[
                    ("BROUILLON", "BROUILLON"),
                    ("SUPPRIMEE", "SUPPRIMEE"),
                    ("DEPOSEE", "DEPOSEE"),
                    ("EN_COURS_ACHEMINEMENT", "EN_COURS_ACHEMINEMENT"),
                    ("MISE_A_DISPOSITION", "MISE_A_DISPOSITION"),
                    ("A_RECYCLER", "A_RECYCLER"),
                    ("REJETEE", "REJETEE"),
                    ("SUSPENDUE", "SUSPENDUE"),
                    ("SERVICE_FAIT", "SERVICE_FAIT"),
                    ("MANDATEE", "MANDATEE"),
                    ("MISE_A_DISPOSITION_COMPTABLE", "MISE_A_DISPOSITION_COMPTABLE"),
                    ("COMPTABILISEE", "COMPTABILISEE"),
                    ("MISE_EN_PAIEMENT", "MISE_EN_PAIEMENT"),
                    ("COMPLETEE", "COMPLETEE"),
                    ("A_VALIDER_1", "A_VALIDER_1"),
                    ("VALIDEE_1", "VALIDEE_1"),
                    ("REFUSEE_1", "REFUSEE_1"),
                    ("ERREUR_FOURNISSEUR_SUR_VALIDEUR", "ERREUR_FOURNISSEUR_SUR_VALIDEUR"),
                    ("ABSENCE_VALIDATION_1_HORS_DELAI", "ABSENCE_VALIDATION_1_HORS_DELAI"),
                    ("A_VALIDER_2", "A_VALIDER_2"),
                    ("VALIDEE_2", "VALIDEE_2"),
                    ("REFUSEE_2", "REFUSEE_2"),
                    ("ERREUR_COTRAITANT_SUR_VALIDEUR", "ERREUR_COTRAITANT_SUR_VALIDEUR"),
                    ("ABSENCE_VALIDATION_2_HORS_DELAI", "ABSENCE_VALIDATION_2_HORS_DELAI"),
                    ("MISE_A_DISPOSITION_MOE", "MISE_A_DISPOSITION_MOE"),
                    ("PRISE_EN_COMPTE_MOE", "PRISE_EN_COMPTE_MOE"),
                    ("REFUSEE_MOE", "REFUSEE_MOE"),
                    ("ERREUR_FOURNISSEUR_SUR_MOE", "ERREUR_FOURNISSEUR_SUR_MOE"),
                    ("A_COMPLETER", "A_COMPLETER"),
                    ("MISE_A_DISPOSITION_MOA", "MISE_A_DISPOSITION_MOA"),
                    ("PRISE_EN_COMPTE_MOA", "PRISE_EN_COMPTE_MOA"),
                    ("REFUSEE_MOA", "REFUSEE_MOA"),
                    ("ERREUR_FOURNISSEUR_SUR_MOA", "ERREUR_FOURNISSEUR_SUR_MOA"),
                    ("A_ASSOCIER_FOURNISSEUR", "A_ASSOCIER_FOURNISSEUR"),
                    ("REFUSEE_FOURNISSEUR", "REFUSEE_FOURNISSEUR"),
                    ("ASSOCIEE", "ASSOCIEE"),
                    ("REMPLACEE_PAR_A22", "REMPLACEE_PAR_A22"),
                ],
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="statuschange",
            name="party",
            field=models.CharField(
                choices=[
                    ("seller", "seller"),
                    ("buyer", "buyer"),
                    ("validator", "validator"),
                    ("works", "works"),
                    ("system", "system"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("moe__isnull", False)),
                fields=["moe", "-status_at", "-id"],
                name="invoices_of_moe_lately",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("moe__isnull", False)),
                fields=["moe", "status", "status_at", "id"],
                name="invoices_of_moe_in_status",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("moa__isnull", False)),
                fields=["moa", "-status_at", "-id"],
                name="invoices_of_moa_lately",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("moa__isnull", False)),
                fields=["moa", "status", "status_at", "id"],
                name="invoices_of_moa_in_status",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("first_piece__isnull", False)), fields=["first_piece"], name="invoices_later_pieces"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("made_from__isnull", False)), fields=("made_from",), name="invoices_one_next_piece"
            ),
        ),
    ]
