"""The proof of a deposit cannot be changed or removed."""

from django.db import migrations

from plainchant.portal.lib.frozen import Frozen, freeze


class Migration(migrations.Migration):
    dependencies = [("drafts", "0003_document_part")]

    operations = [freeze(Frozen("drafts_certificate"))]
