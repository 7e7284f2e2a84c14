from django.apps import AppConfig


class GroundConfig(AppConfig):
    name = "luytre.civic.ground"
    label = "ground"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The registry asks how far a position lies outside of the commune; the boundaries are here, and go with their hamlet."""
        from django.db.models.signals import pre_delete

        from luytre.civic.ground.bounds import CommuneLand
        from luytre.civic.ground.merging import told_of_the_end
        from luytre.civic.registry.bounds import told_by
        from luytre.civic.registry.models import Hamlet

        told_by(CommuneLand.of_commune)
        pre_delete.connect(told_of_the_end, sender=Hamlet, dispatch_uid="ground.boundary")
