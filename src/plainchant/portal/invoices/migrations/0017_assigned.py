"""Who deals with an invoice among its recipient's people, and the lines that say who gave it to whom."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from plainchant.portal.lib.frozen import Frozen

BEFORE = Frozen(
    "invoices_event",
    columns=import_module("plainchant.portal.invoices.migrations.0011_chained_histories").EVENTS,
    never="old.digest <> ''",
)
AFTER = Frozen("invoices_event", columns=(*BEFORE.columns, "assignee_id"), never="old.digest <> ''")


def _replace(schema_editor: Any, former: Frozen, new: Frozen) -> None:
    vendor = schema_editor.connection.vendor
    for statement in (*former.statements_back(vendor), *new.statements(vendor)):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    former_version_works_because = "0.1.0: the columns are empty, and it writes no line of this kind"
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("invoices", "0016_part_admitted"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="assigned_to",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                condition=Q(assigned_to__isnull=False),
                fields=["assigned_to", "status", "due_on", "id"],
                name="invoices_assigned",
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="assignee",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="kind",
            field=models.CharField(
                choices=[
                    ("NOTIFICATION_DESTINATAIRE", "Destinataire prévenu par courriel"),
                    ("TELECHARGEMENT_FACTURE", "Facture téléchargée par le destinataire"),
                    ("ATTRIBUTION", "Attribuée"),
                    ("PAIEMENT_RECU", "Argent reçu, noté par vous"),
                    ("TRAITEMENT_REJET", "Refus classé par vous"),
                    ("PAIEMENT_NON_RECU", "Argent non reçu\u00a0: vous corrigez ce que vous aviez noté"),
                    ("RELANCE_AIMABLE", "Rappel envoyé au destinataire"),
                    ("RELANCE_FERME", "Relance envoyée au destinataire"),
                    ("RELANCE_FORMELLE", "Mise en demeure envoyée au destinataire"),
                ],
                max_length=30,
            ),
        ),
        migrations.RunPython(
            lambda _, editor: _replace(editor, BEFORE, AFTER), lambda _, editor: _replace(editor, AFTER, BEFORE)
        ),
    ]
