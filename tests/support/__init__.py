"""Helpers that several test folders share: misbehaving cameras, GStreamer's server, clips, and judges of recorded files."""
