from django.apps import AppConfig


class PactsConfig(AppConfig):
    name = "luytre.civic.pacts"
    label = "pacts"
    default_auto_field = "django.db.models.BigAutoField"
