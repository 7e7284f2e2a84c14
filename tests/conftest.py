"""Fixtures that every test folder may use."""

from hypothesis import HealthCheck, settings

from tests.support.chains import flush_that_may_empty_logs
from tests.support.fixtures import camera_server, clips, gst_server, tone

__all__ = ["camera_server", "clips", "flush_that_may_empty_logs", "gst_server", "tone"]

# No test fails on a time: the machine may be busy. Property tests give up no example for being slow.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
