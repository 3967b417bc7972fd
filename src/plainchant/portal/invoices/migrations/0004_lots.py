from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0001_initial"),
        ("invoices", "0003_legible_copy"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["seller", "number"], name="invoices_of_a_number"),
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("invoice", models.ForeignKey(on_delete=PROTECT, related_name="notices", to="invoices.invoice")),
                ("message", models.ForeignKey(on_delete=PROTECT, related_name="notices", to="mail.message")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("message", "invoice"), name="invoices_told_once_by_a_message")
                ],
            },
        ),
    ]
