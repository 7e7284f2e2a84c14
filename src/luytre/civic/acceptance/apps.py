from django.apps import AppConfig


class AcceptanceConfig(AppConfig):
    name = "luytre.civic.acceptance"
    label = "acceptance"
    default_auto_field = "django.db.models.BigAutoField"
