"""Fixtures that every test folder may use."""

from tests.support.fixtures import camera_server, clips, gst_server, tone

__all__ = ["camera_server", "clips", "gst_server", "tone"]
