from django.apps import AppConfig


class MobilisationConfig(AppConfig):
    name = "luytre.civic.mobilisation"
    label = "mobilisation"
    default_auto_field = "django.db.models.BigAutoField"
