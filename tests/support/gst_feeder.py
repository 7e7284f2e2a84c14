"""GStreamer's RTSP server as a process of Debian's own Python (python3-gi), fed with access units through appsrc.

Called by `tests.support.gst`: reads a feed file, prints `{"port": …}` and then one JSON line for each unit that it gave
to a client's pipeline. Imports nothing of the product: it is another's camera.
"""

import argparse
import json
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstApp, GstRtspServer  # noqa: E402, F401

PIPELINES = {
    "h264": "appsrc name=feed format=time caps=video/x-h264,stream-format=byte-stream,alignment=au "
    "! h264parse ! rtph264pay name=pay0 pt=96 config-interval={interval} aggregate-mode={aggregate}",
    "h265": "appsrc name=feed format=time caps=video/x-h265,stream-format=byte-stream,alignment=au "
    "! h265parse ! rtph265pay name=pay0 pt=96 config-interval={interval} aggregate-mode={aggregate}",
}


def read_feed(path):
    """Header line as JSON, then each unit: u32 length, i64 pts, i64 dts (90 kHz), bytes (Annex B)."""
    with open(path, "rb") as file:
        header = json.loads(file.readline())
        units = []
        while head := file.read(20):
            size, pts, dts = (int.from_bytes(head[a:b], "big", signed=a > 0) for a, b in ((0, 4), (4, 12), (12, 20)))
            units.append((file.read(size), pts, dts))
    return header, units


class Feed(threading.Thread):
    """Gives the units to one pipeline at the pace of their decode times; stops when the pipeline does."""

    def __init__(self, number, appsrc, header, units, loops):
        super().__init__(daemon=True)
        self.number, self.appsrc, self.header, self.units, self.loops = number, appsrc, header, units, loops

    def run(self):
        started, first_dts, fed, turn = time.monotonic(), self.units[0][2], 0, 0
        while self.loops == 0 or turn < self.loops:
            for data, pts, dts in self.units:
                shift = turn * self.header["duration_90k"] - first_dts
                pause = started + (dts + shift) / 90_000 - time.monotonic()
                time.sleep(max(pause, 0))
                buffer = Gst.Buffer.new_wrapped(data)
                buffer.pts, buffer.dts = ((t + shift) * 100_000 // 9 for t in (pts, dts))
                if self.appsrc.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
                    return
                print(json.dumps({"feed": self.number, "unit": fed}), flush=True)
                fed += 1
            turn += 1
        self.appsrc.emit("end-of-stream")


class Factory(GstRtspServer.RTSPMediaFactory):
    def __init__(self, pipeline, header, units, loops):
        super().__init__()
        self.set_launch(pipeline)
        self.header, self.units, self.loops, self.feeds = header, units, loops, 0

    def do_configure(self, media):
        appsrc = media.get_element().get_by_name_recurse_up("feed")
        appsrc.set_property("max-bytes", 64 << 20)
        Feed(self.feeds, appsrc, self.header, self.units, self.loops).start()
        self.feeds += 1


def protect(server, factory, login, kind):
    user, _, password = login.partition(":")
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if kind == "digest":
        auth.set_supported_methods(gi.repository.GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(user, password, token)
    else:
        auth.set_supported_methods(gi.repository.GstRtsp.RTSPAuthMethod.BASIC)
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("feed")
    parser.add_argument("--login", default="")
    parser.add_argument("--auth", choices=["digest", "basic"], default="digest")
    parser.add_argument("--loops", type=int, default=0)
    parser.add_argument("--aggregate", default="zero-latency")
    parser.add_argument("--interval", default="-1")
    args = parser.parse_args()
    gi.require_version("GstRtsp", "1.0")
    from gi.repository import GstRtsp  # noqa: F401

    Gst.init(None)
    header, units = read_feed(args.feed)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    pipeline = PIPELINES[header["codec"]].format(interval=args.interval, aggregate=args.aggregate)
    factory = Factory(f"( {pipeline} )", header, units, args.loops)
    if args.login:
        protect(server, factory, args.login, args.auth)
    server.get_mount_points().add_factory("/cam1/main", factory)
    server.attach(None)
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


if __name__ == "__main__":
    main()
