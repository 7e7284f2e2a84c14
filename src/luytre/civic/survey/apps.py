from django.apps import AppConfig


class SurveyConfig(AppConfig):
    name = "luytre.civic.survey"
    label = "survey"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from luytre.civic.registry.places import hamlet_merged
        from luytre.civic.survey.campaigns import hand_over

        hamlet_merged.connect(hand_over, dispatch_uid="survey.campaigns")
