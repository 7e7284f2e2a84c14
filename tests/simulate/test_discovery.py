"""Simulated devices on the network: what they answer, to whom, and that no other network than the asked one hears of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.bridge.onvif import OnvifFinder
from luytre.simulate.discovery import Announced, Discovery, Probe, announced, is_near, match, probe_of
from luytre.simulate.onvif import DeviceState
from luytre.simulate.onvif_server import VirtualDevice

SENT = """<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
 xmlns:p="http://schemas.xmlsoap.org/ws/2005/04/discovery"><e:Header><a:MessageID>uuid:7</a:MessageID></e:Header>
 <e:Body><p:KIND><p:Types>x:NetworkVideoTransmitter y:Device</p:Types><p:Scopes>onvif://www.onvif.org/name</p:Scopes></p:KIND>
 </e:Body></e:Envelope>"""
ONE = Announced(DeviceState(name="Cổng chợ", location="Thôn Đông"), "http://{host}:2020/onvif/device_service")


def test_a_probe_is_read_and_another_message_is_none() -> None:
    assert probe_of(SENT.replace("KIND", "Probe").encode()) == Probe(
        "uuid:7", ("NetworkVideoTransmitter", "Device"), ("onvif://www.onvif.org/name",)
    )
    assert probe_of(SENT.replace("KIND", "Hello").encode()) is None


@given(st.binary(max_size=200))
def test_anything_else_is_no_probe(sent: bytes) -> None:
    assert probe_of(sent) is None


@pytest.mark.parametrize(
    ("types", "scopes", "is_answered"),
    [
        ((), (), True),
        (("NetworkVideoTransmitter",), ("ONVIF://www.onvif.org/Name", "onvif://www.onvif.org/location"), True),
        (("Printer",), (), False),
        ((), ("onvif://www.onvif.org/nam",), False),
        ((), ("onvif://www.onvif.org/hardware/other",), False),
    ],
)
def test_who_asks_for_something_else_is_not_answered(types: tuple[str, ...], scopes: tuple[str, ...], is_answered: bool) -> None:
    assert (match(Probe("uuid:7", types, scopes), ONE, "192.168.7.1") is not None) is is_answered


def test_what_is_told() -> None:
    told = (match(Probe("uuid:7"), ONE, "192.168.7.1") or b"").decode()
    for part in (
        "<a:RelatesTo>uuid:7<",
        "/name/C%E1%BB%95ng%20ch%E1%BB%A3 ",
        "http://192.168.7.1:2020/onvif/",
        "/location/Th%C3%B4n",
    ):
        assert part in told
    assert announced(VirtualDevice(host="0.0.0.0", port=81)).address == "http://{host}:81/onvif/device_service"
    assert announced(VirtualDevice(host="10.0.0.7", port=81)).address == "http://10.0.0.7:81/onvif/device_service"


def test_on_this_machine_alone_nobody_else_is_answered() -> None:
    assert [is_near(*pair) for pair in (("127.0.0.9", "127.0.0.1"), ("10.0.0.7", "127.0.0.1"), ("10.0.0.7", "10.0.0.1"))] == [
        True, False, True,
    ]  # fmt: skip


ASKS = """
import json
from luytre.bridge.onvif import OnvifFinder
from luytre.simulate.discovery import Discovery, announced
from luytre.simulate.onvif import DeviceState
from luytre.simulate.onvif_server import VirtualDevice
devices = [VirtualDevice(DeviceState(name="Cổng chợ 2"), host="0.0.0.0", port=81)]
devices += [VirtualDevice(DeviceState(name="Cổng chợ 2", raw_scopes=True), host="0.0.0.0", port=82)]
told = []
for found_on in (("127.0.0.1",), ("192.168.7.1",)):
    discovery = Discovery([announced(one) for one in devices], found_on)
    discovery.start()
    for asked in ("127.0.0.1", "192.168.7.1"):
        told.append([(one.address, one.name) for one in OnvifFinder([asked], find_s=0.3).find()])
    if found_on == ("192.168.7.1",):
        told.append(len(OnvifFinder(find_s=0.3).find()))
    discovery.stop()
print(json.dumps(told))
"""
LAN = """
ip link set lo up
ip link add lan type veth peer name far
ip addr add 192.168.7.1/24 dev lan
ip link set lan up
ip link set far up
exec "$0" -c "$1"
"""


def test_they_are_found_on_the_network_that_was_asked_for_and_on_no_other() -> None:
    """In a network of their own, with a local network beside the loopback and no route anywhere. Without the right to make one:
    on the loopback alone, where others may answer besides."""
    if os.geteuid() != 0 or not shutil.which("unshare") or not shutil.which("ip"):
        with VirtualDevice(DeviceState(name="Cổng chợ 2", raw_scopes=True)) as device:
            discovery = Discovery([announced(device)])
            discovery.start()
            assert (device.address, "Cổng chợ 2") in [(one.address, one.name) for one in OnvifFinder(["127.0.0.1"], 0.3).find()]
            discovery.stop()
        return
    done = subprocess.run(
        ["unshare", "-n", "sh", "-ec", LAN, sys.executable, ASKS], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    near, from_lan, unasked, asked, all_of_them = json.loads(done.stdout)
    assert near == [[f"http://127.0.0.1:{port}/onvif/device_service", "Cổng chợ 2"] for port in (81, 82)]
    assert from_lan == unasked == []
    assert asked == [[f"http://192.168.7.1:{port}/onvif/device_service", "Cổng chợ 2"] for port in (81, 82)]
    assert all_of_them == 2  # without a setting: each local network, a second one too
