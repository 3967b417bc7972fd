import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial"), ("invoices", "0002_append_only")]

    operations = [
        migrations.AddField(
            "invoicefile",
            "legible",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.storedfile"
            ),
        ),
    ]
