from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "luytre.civic.upkeep"
    label = "upkeep"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What a hamlet had to see to goes on with the one that it was merged into."""
        from luytre.civic.registry.places import hamlet_merged
        from luytre.civic.upkeep.tickets import hand_over

        hamlet_merged.connect(hand_over, dispatch_uid="upkeep.tickets")
