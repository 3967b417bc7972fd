from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deposits", "0001_initial")]

    operations = [
        migrations.RenameModel("PdfReading", "DocumentReading"),
        migrations.AddField("documentreading", "electronic", models.JSONField(default=dict)),
    ]
