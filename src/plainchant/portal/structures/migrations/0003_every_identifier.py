"""A structure without SIRET may be a person; a company says its number in the register of commerce."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("structures", "0002_grants"),
    ]

    operations = [
        migrations.AddField(
            model_name="structure",
            name="first_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddField(
            model_name="structure",
            name="last_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddField(
            model_name="structure",
            name="rcs_number",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
    ]
