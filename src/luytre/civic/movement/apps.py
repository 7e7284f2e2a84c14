from django.apps import AppConfig


class MovementConfig(AppConfig):
    name = "luytre.civic.movement"
    label = "movement"
    default_auto_field = "django.db.models.BigAutoField"
