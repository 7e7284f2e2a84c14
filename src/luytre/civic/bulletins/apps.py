from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "luytre.civic.bulletins"
    label = "bulletins"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """A bulletin for a hamlet goes on for the hamlet that it was merged into."""
        from luytre.civic.bulletins.scope import hand_over
        from luytre.civic.registry.places import hamlet_merged

        hamlet_merged.connect(hand_over, dispatch_uid="bulletins.hamlets")
