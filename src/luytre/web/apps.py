from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "luytre.web"
    label = "web"
