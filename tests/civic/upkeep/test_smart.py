"""What a disk says of itself: answers as smartctl gives them, and anything else that could stand there."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.bridge.smartctl import ask_disk, device_of
from luytre.civic.upkeep.smart import Answer, Disk, Trouble, Verdict, parse


def ata(passed: bool = True, **raw: int) -> str:
    rows = [
        {"id": int(name[1:]), "name": "x", "value": 100, "raw": {"value": value, "string": str(value)}}
        for name, value in raw.items()
    ]
    return json.dumps({
        "smartctl": {"exit_status": 0}, "model_name": "WDC WD40PURX", "smart_status": {"passed": passed},
        "power_on_time": {"hours": 21_000}, "temperature": {"current": 41}, "ata_smart_attributes": {"table": rows},
    })  # fmt: skip


def test_ata_disks() -> None:
    assert parse(ata(_5=0, _197=0, _9=21_000)).disk == Disk("WDC WD40PURX", Verdict.WELL, 21_000, 41, 0)
    worn = parse(ata(_5=8, _197=2, _198=1)).disk
    assert worn is not None
    assert (worn.verdict, worn.bad_sectors) == (Verdict.WORN, 11)
    failing = parse(ata(passed=False)).disk
    assert failing is not None
    assert (failing.verdict, failing.bad_sectors) == (Verdict.FAILING, None)


@pytest.mark.parametrize(
    ("log", "verdict"),
    [
        ({"critical_warning": 0, "percentage_used": 3, "media_errors": 0}, Verdict.WELL),
        ({"critical_warning": 0, "percentage_used": 95, "media_errors": 0}, Verdict.WORN),
        ({"critical_warning": 4, "percentage_used": 3, "media_errors": 0}, Verdict.FAILING),
    ],
)
def test_nvme_disks(log: dict[str, int], verdict: Verdict) -> None:
    said = {"model_name": "Samsung", "smart_status": {"passed": True}, "nvme_smart_health_information_log": log}
    found = parse(json.dumps(said)).disk
    assert found is not None
    assert (found.verdict, found.used_percent) == (verdict, log["percentage_used"])


@pytest.mark.parametrize(("grown", "uncorrected", "verdict"), [(0, 0, Verdict.WELL), (3, 0, Verdict.WORN), (0, 2, Verdict.WORN)])
def test_sas_disks(grown: int, uncorrected: int, verdict: Verdict) -> None:
    """Fields as smartctl 7.2 gives them of a SAS disk."""
    said = {
        "smartctl": {"version": [7, 2], "exit_status": 0}, "device": {"name": "/dev/da5", "type": "scsi", "protocol": "SCSI"},
        "scsi_model_name": "TOSHIBA AL13SXB60EN", "rotation_rate": 15_000, "smart_status": {"passed": True},
        "temperature": {"current": 41, "drive_trip": 65}, "power_on_time": {"hours": 64_579, "minutes": 53},
        "scsi_grown_defect_list": grown,
        "scsi_error_counter_log": {
            "read": {"errors_corrected_by_eccdelayed": 2657, "total_uncorrected_errors": uncorrected},
            "write": {"gigabytes_processed": "1086347.509", "total_uncorrected_errors": 0},
        },
    }  # fmt: skip
    assert parse(json.dumps(said)).disk == Disk("TOSHIBA AL13SXB60EN", verdict, 64_579, 41, grown)


def test_a_sata_ssd_that_is_used_up() -> None:
    said = json.loads(ata(_5=0)) | {"endurance_used": {"current_percent": 97}}
    found = parse(json.dumps(said)).disk
    assert found is not None
    assert (found.verdict, found.used_percent) == (Verdict.WORN, 97)


def test_a_disk_behind_a_controller_that_passes_no_verdict_on_is_no_disk_that_is_well() -> None:
    said = {
        "smartctl": {"exit_status": 4, "messages": [{"string": "SMART Status not supported: Incomplete response"}]},
        "model_name": "Samsung SSD 870", "smart_support": {"available": True, "enabled": True},
    }  # fmt: skip
    assert parse(json.dumps(said)).disk is None


@pytest.mark.parametrize(
    ("said", "trouble"),
    [
        ("Smartctl open device: /dev/sda failed: Permission denied", Trouble.NO_RIGHT),
        ("Smartctl open device: /dev/nvme0 failed: Operation not permitted", Trouble.NO_RIGHT),
        ("/dev/vda: Unable to detect device type", Trouble.NO_DISK),
        ("Smartctl open device: /dev/sda failed: DELL or MegaRaid controller, please try adding '-d megaraid,N'", Trouble.BEHIND),
        ("/dev/sdb: Unknown USB bridge [0x0bda:0x9210 (0x2001)]", Trouble.BEHIND),
    ],
)
def test_no_right_and_no_disk(said: str, trouble: Trouble) -> None:
    answer = {"smartctl": {"exit_status": 2, "messages": [{"string": said, "severity": "error"}]}}
    assert parse(json.dumps(answer)) == Answer(trouble=trouble)


NAMES = (
    "smart_status", "passed", "raw", "value", "id", "table", "ata_smart_attributes", "temperature", "current", "smartctl",
    "scsi_grown_defect_list", "scsi_error_counter_log", "read", "total_uncorrected_errors", "endurance_used", "current_percent",
    "messages", "string", "model_name", "nvme_smart_health_information_log", "critical_warning",
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=25,
)


@given(JSON | st.builds(lambda found: {"smart_status": {"passed": True}} | {"x": found}, JSON), st.booleans())
def test_whatever_stands_there_is_a_disk_or_a_trouble(found: Any, cut: bool) -> None:
    text = json.dumps(found)
    answer = parse(text[: len(text) // 2] if cut else text)
    assert (answer.disk is None) != (answer.trouble is None)


def test_the_program_is_asked_about_the_whole_disk(tmp_path: Path) -> None:
    number = os.stat(tmp_path).st_dev
    part = tmp_path / "sys" / "devices" / "sda" / "sda1"
    part.mkdir(parents=True)
    (part / "partition").write_text("1")
    (tmp_path / "sys" / f"{os.major(number)}:{os.minor(number)}").symlink_to(part)
    assert device_of(tmp_path, tmp_path / "sys") == "sda"
    assert device_of(tmp_path, tmp_path / "nothing") is None
    program = tmp_path / "smartctl"
    program.write_text(f"#!/bin/sh\n[ \"$3\" = /dev/sda ] && cat <<'E'\n{ata(_5=0)}\nE\n")
    program.chmod(0o755)
    assert ask_disk(tmp_path, tmp_path / "sys", str(program)).disk == Disk("WDC WD40PURX", Verdict.WELL, 21_000, 41, 0)
    assert ask_disk(tmp_path, tmp_path / "sys", str(tmp_path / "none")) == Answer(trouble=Trouble.NO_PROGRAM)
    program.write_text("#!/bin/sh\nexit 1\n")
    assert ask_disk(tmp_path, tmp_path / "sys", str(program)) == Answer(trouble=Trouble.NO_ANSWER)
