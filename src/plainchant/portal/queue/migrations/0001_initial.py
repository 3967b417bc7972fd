from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("task", models.CharField(max_length=100)),
                ("key", models.CharField(max_length=200)),
                ("arguments", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("run_at", models.DateTimeField()),
                ("leased_until", models.DateTimeField(null=True)),
                ("lease", models.UUIDField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("failed_at", models.DateTimeField(null=True)),
                ("last_error", models.TextField(blank=True)),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("failed_at__isnull", True)), fields=["run_at"], name="queue_due")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("failed_at__isnull", True), ("leased_until__isnull", True)),
                        fields=("task", "key"),
                        name="queue_one_waiting_job_for_a_key",
                    )
                ],
            },
        ),
    ]
