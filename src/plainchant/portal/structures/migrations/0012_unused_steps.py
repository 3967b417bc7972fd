from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("structures", "0011_space_of_validators")]

    operations = [
        migrations.AddField(
            model_name="structure",
            name="unused_steps",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
