from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ChainConfig(AppConfig):
    name = "luytre.civic.chain"
    label = "chain"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from luytre.civic.chain.triggers import guard_again

        post_migrate.connect(guard_again, dispatch_uid="luytre.civic.chain")
