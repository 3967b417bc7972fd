"""Who has his say before the buyer: two columns, their indexes, and room for the statuses of that say."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

SENT = import_module("plainchant.portal.invoices.migrations.0006_frozen").SENT
LINES, _EVENTS = import_module("plainchant.portal.invoices.migrations.0011_chained_histories").ROWS

GUARDS = ("invoices_status_follows", "invoices_status_is_written")
# SQLite does not look at the length of a column, and would make the table anew to change it.
WIDER = [
    "ALTER TABLE invoices_statuschange ALTER COLUMN from_status TYPE varchar(40)",
    "ALTER TABLE invoices_statuschange ALTER COLUMN to_status TYPE varchar(40)",
    "ALTER TABLE invoices_invoice ALTER COLUMN status TYPE varchar(40)",
]


def widen(_apps: Any, schema_editor: Any) -> None:
    """PostgreSQL changes no column that a trigger names: those of 0006 and 0011 go and come back.

    Those of `guards` go, and are made anew after every `migrate`.
    """
    vendor = schema_editor.connection.vendor
    if vendor != "postgresql":
        return
    guards = [f"DROP TRIGGER IF EXISTS {name} ON invoices_invoice" for name in GUARDS]
    back = [statement for row in (SENT, LINES) for statement in row.statements_back(vendor)]
    again = [statement for row in (SENT, LINES) for statement in row.statements(vendor)]
    for statement in [*guards, *back, *WIDER, *again]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    former_version_works_because = (
        "0.1.0: it writes no longer statuses than before, leaves the new columns empty, and carries an invoice whose "
        "status it does not know no further"
    )
    dependencies = [
        ("invoices", "0013_open_figures"),
        ("structures", "0011_space_of_validators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(widen, migrations.RunPython.noop)],
            state_operations=[
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
                        ],
                        max_length=40,
                    ),
                ),
                migrations.AlterField(
                    model_name="statuschange",
                    name="from_status",
                    field=models.CharField(blank=True, max_length=40),
                ),
                migrations.AlterField(
                    model_name="statuschange",
                    name="to_status",
                    field=models.CharField(max_length=40),
                ),
            ],
        ),
        migrations.RemoveIndex(
            model_name="invoice",
            name="invoices_on_their_way",
        ),
        migrations.AddField(
            model_name="invoice",
            name="second_validator",
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
            name="validator",
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
            model_name="statuschange",
            name="party",
            field=models.CharField(
                choices=[("seller", "seller"), ("buyer", "buyer"), ("validator", "validator"), ("system", "system")],
                max_length=10,
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("validator__isnull", False)),
                fields=["validator", "-status_at", "-id"],
                name="invoices_validated_lately",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("validator__isnull", False)),
                fields=["validator", "status", "status_at", "id"],
                name="invoices_validated_in_status",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("second_validator__isnull", False)),
                fields=["second_validator", "-status_at", "-id"],
                name="invoices_seconded_lately",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("second_validator__isnull", False)),
                fields=["second_validator", "status", "status_at", "id"],
                name="invoices_seconded_in_status",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "ABSENCE_VALIDATION_1_HORS_DELAI",
                            "ABSENCE_VALIDATION_2_HORS_DELAI",
                            "DEPOSEE",
                            "EN_COURS_ACHEMINEMENT",
                            "VALIDEE_1",
                            "VALIDEE_2",
                        ],
                    )
                ),
                fields=["status_at"],
                name="invoices_on_their_way",
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=models.Q(("status__in", ["A_VALIDER_1", "A_VALIDER_2"])),
                fields=["status_at"],
                name="invoices_to_validate",
            ),
        ),
    ]
