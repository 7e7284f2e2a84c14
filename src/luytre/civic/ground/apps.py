from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "luytre.civic.ground"
    label = "ground"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The registry asks how far a position lies outside of the commune; the boundaries are here."""
        from luytre.civic.ground.bounds import CommuneLand
        from luytre.civic.registry.bounds import told_by

        told_by(CommuneLand.of_commune)
