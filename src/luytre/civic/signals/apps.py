from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "luytre.civic.signals"
    label = "signals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A hamlet's telephone tree goes on with that of the hamlet that it was merged into."""
        from luytre.civic.registry.places import hamlet_merged
        from luytre.civic.signals.tree import hand_over

        hamlet_merged.connect(hand_over, dispatch_uid="signals.hamlets")
