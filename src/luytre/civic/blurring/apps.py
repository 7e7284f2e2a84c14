from django.apps import AppConfig


class BlurringConfig(AppConfig):
    name = "luytre.civic.blurring"
    label = "blurring"
    default_auto_field = "django.db.models.BigAutoField"
