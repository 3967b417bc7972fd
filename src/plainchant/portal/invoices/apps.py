from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InvoicesConfig(AppConfig):
    name = "plainchant.portal.invoices"

    def ready(self) -> None:
        from . import guards

        post_migrate.connect(guards.install, sender=self)
