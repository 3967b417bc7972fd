"""The invoices on a commitment are found by its number, however its letters are parted."""

from django.db import migrations, models

import plainchant.portal.invoices.models


class Migration(migrations.Migration):
    dependencies = [
        ("invoices", "0006_programs"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(
                models.F("buyer"),
                plainchant.portal.invoices.models.CommitmentKey("commitment"),
                name="invoices_on_a_commitment",
            ),
        ),
    ]
