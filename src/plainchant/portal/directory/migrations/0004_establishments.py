"""Insee’s word on a SIRET, to fill in the first form."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0003_word_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="Establishment",
            fields=[
                ("siret", models.CharField(max_length=14, primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, max_length=201)),
                ("address_line", models.CharField(blank=True, max_length=255)),
                ("address_extra_1", models.CharField(blank=True, max_length=255)),
                ("postcode", models.CharField(blank=True, max_length=10)),
                ("city", models.CharField(blank=True, max_length=100)),
                ("is_open", models.BooleanField(default=True)),
                ("is_masked", models.BooleanField(default=False)),
            ],
        ),
    ]
