import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("structures", "0001_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeyedCall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=255)),
                ("fingerprint", models.CharField(max_length=64)),
                ("answer", models.TextField()),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="structures.technicalaccount",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["account", "key"], name="calls_one_of_a_key")],
            },
        ),
    ]
