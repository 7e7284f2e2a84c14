from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "luytre.civic.upkeep"
    label = "upkeep"
    default_auto_field = "django.db.models.BigAutoField"
