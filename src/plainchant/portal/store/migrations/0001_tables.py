import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("store", "0001_initial"), ("store", "0002_antivirus"), ("store", "0003_quotas")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="PendingFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=100, unique=True)),
                ("created_at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("path", models.CharField(max_length=100, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "scan",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "non analysé par un antivirus"),
                            ("CLEAN", "analysé par un antivirus"),
                            ("MEMBERS", "analysé fichier par fichier"),
                        ],
                        default="",
                        max_length=8,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("page_count", models.PositiveIntegerField(null=True)),
                ("page_sizes", models.JSONField(default=list)),
                ("page_trouble", models.CharField(blank=True, max_length=20)),
                ("page_trouble_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="HandedIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner", models.CharField(max_length=40)),
                ("day", models.DateField()),
                ("size", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("owner", "day"), name="store_one_count_a_day")],
            },
        ),
    ]
