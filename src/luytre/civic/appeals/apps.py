from django.apps import AppConfig


class AppealsConfig(AppConfig):
    name = "luytre.civic.appeals"
    label = "appeals"
    default_auto_field = "django.db.models.BigAutoField"
