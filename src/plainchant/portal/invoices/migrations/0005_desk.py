"""Who deals with an invoice among its recipient's people, with the lines that say so; the texts that a body keeps."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from plainchant.portal.lib.frozen import Frozen
from plainchant.portal.lib.statements import Statements

_FORMER = ("id", "invoice_id", "kind", "at", "actor_id", "message_id", "day")
BEFORE = Frozen("invoices_event", columns=_FORMER, never="old.digest <> ''")
AFTER = Frozen("invoices_event", columns=(*_FORMER, "assignee_id"), never="old.digest <> ''")


def _instead(former: Frozen, new: Frozen, vendor: str) -> list[str]:
    return [*former.statements_back(vendor), *new.statements(vendor)]


class Migration(migrations.Migration):
    former_version_works_because = "0.1.0: the columns are empty, and it neither reads nor writes the new table"
    dependencies = [
        ("invoices", "0004_works"),
        ("structures", "0001_tables"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReasonText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("reason_code", models.CharField(max_length=30)),
                ("text", models.CharField(max_length=255)),
                ("written_at", models.DateTimeField()),
                (
                    "structure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reason_texts",
                        to="structures.structure",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="reasontext",
            constraint=models.UniqueConstraint(fields=("structure", "reason_code", "text"), name="invoices_one_text"),
        ),
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
                condition=models.Q(("assigned_to__isnull", False)),
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
                    ("PAIEMENT_NON_RECU", "Argent non reçu\xa0: vous corrigez ce que vous aviez noté"),
                    ("RELANCE_AIMABLE", "Rappel envoyé au destinataire"),
                    ("RELANCE_FERME", "Relance envoyée au destinataire"),
                    ("RELANCE_FORMELLE", "Mise en demeure envoyée au destinataire"),
                ],
                max_length=30,
            ),
        ),
        Statements(
            sqlite=_instead(BEFORE, AFTER, "sqlite"),
            postgresql=_instead(BEFORE, AFTER, "postgresql"),
            sqlite_back=_instead(AFTER, BEFORE, "sqlite"),
            postgresql_back=_instead(AFTER, BEFORE, "postgresql"),
        ),
    ]
