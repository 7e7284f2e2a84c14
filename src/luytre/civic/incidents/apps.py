from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "luytre.civic.incidents"
    label = "incidents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What a hamlet's people had goes on with those of the hamlet that it was merged into."""
        from luytre.civic.incidents.desk import hand_over
        from luytre.civic.registry.places import hamlet_merged

        hamlet_merged.connect(hand_over, dispatch_uid="incidents.hamlets")
