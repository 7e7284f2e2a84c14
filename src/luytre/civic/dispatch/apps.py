from django.apps import AppConfig


class DispatchConfig(AppConfig):
    name = "luytre.civic.dispatch"
    label = "dispatch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Who wished for a hamlet's messages gets those of the hamlet that it was merged into."""
        from luytre.civic.dispatch.subscribing import hand_over
        from luytre.civic.registry.places import hamlet_merged

        hamlet_merged.connect(hand_over, dispatch_uid="dispatch.hamlets")
