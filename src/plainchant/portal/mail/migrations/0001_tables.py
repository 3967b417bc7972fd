from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("mail", "0001_initial"), ("mail", "0002_asked_again"), ("mail", "0003_content_and_mute")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=50)),
                ("recipient", models.EmailField(max_length=254)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("content", models.JSONField(null=True)),
                ("mute_token", models.CharField(db_default="", default="", max_length=300)),
                ("is_secret", models.BooleanField(default=False)),
                ("dedup_key", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                ("asked_again_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("retry_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at__isnull", True)), fields=["created_at"], name="mail_unsent"
                    )
                ],
            },
        ),
    ]
