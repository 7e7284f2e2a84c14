from django.apps import AppConfig


class TipsConfig(AppConfig):
    name = "luytre.civic.tips"
    label = "tips"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What a hamlet's people had goes on with those of the hamlet that it was merged into."""
        from luytre.civic.registry.places import hamlet_merged
        from luytre.civic.tips.desk import hand_over

        hamlet_merged.connect(hand_over, dispatch_uid="tips.hamlets")
