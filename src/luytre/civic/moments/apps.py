from django.apps import AppConfig


class MomentsConfig(AppConfig):
    name = "luytre.civic.moments"
    label = "moments"
    default_auto_field = "django.db.models.BigAutoField"
