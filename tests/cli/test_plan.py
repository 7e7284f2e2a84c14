"""`luytre plan optimise`, as a process: its last line is the answer, and bad files are named feature by feature."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LUYTRE = (sys.executable, "-c", "import sys; from luytre.cli.main import main; main(sys.argv[1:])")
EAST = 1 / 104_000  # a metre in degrees of longitude here, about
CANDIDATE = {"role": "candidate", "bearings_deg": [0, 90], "hfov_deg": 90, "range_m": 50}


def at(metres: float, key: Any, **properties: Any) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [105.97 + metres * EAST, 20.91]}
    return {"type": "Feature", "id": key, "geometry": point, "properties": properties}


PLAN = [
    at(0, "cam", role="camera", bearing_deg=90, hfov_deg=60, range_m=40),
    at(20, "seen", role="demand", weight=2),
    at(300, "a", **CANDIDATE, cost_vnd=9_000_000, hamlet="Đông"),
    at(320, "left", role="demand", weight=5),
    at(600, 12, **CANDIDATE, cost_vnd=4_000_000, hamlet="Đoài"),
    at(620, "right", role="demand", weight=3, name="Cổng chợ"),
]


def run(folder: Path, features: list[Any] | str, *options: str, language: str = "en") -> subprocess.CompletedProcess[str]:
    file = folder / "PLAN.geojson"
    file.write_text(features if isinstance(features, str) else json.dumps({"type": "FeatureCollection", "features": features}))
    command = [*LUYTRE, "plan", "optimise", "--input", str(file), *options]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, env={"LUYTRE_LANG": language, "LANG": f"{language}.UTF-8"}
    )


def test_the_answer_is_the_last_line(tmp_path: Path) -> None:
    found = run(tmp_path, PLAN, "--eyes", "1")
    assert found.returncode == 0, found.stderr
    answer = json.loads(found.stdout.splitlines()[-1])
    assert answer["chosen"] == [{"candidate": "a", "bearing_deg": 90}]
    assert (answer["covered_weight"], answer["bound"], answer["gap"], answer["greedy_weight"]) == (7, 7, 0, 7)
    assert (answer["present_weight"], answer["total_weight"], answer["cost_vnd"], answer["status"]) == (
        2,
        10,
        9_000_000,
        "optimal",
    )
    assert answer["runtime_s"] >= 0
    assert "a, bearing 90°" in found.stdout


def test_json_alone_and_a_budget(tmp_path: Path) -> None:
    found = run(tmp_path, PLAN, "--budget", "8000000", "--json", language="vi")
    assert found.returncode == 0, found.stderr
    assert len(found.stdout.splitlines()) == 1
    assert json.loads(found.stdout)["chosen"] == [{"candidate": 12, "bearing_deg": 90}]


def test_a_level_and_a_hamlet(tmp_path: Path) -> None:
    found = run(tmp_path, PLAN, "--eyes", "1", "--level", "recognise", "--json")
    assert json.loads(found.stdout)["covered_weight"] == 0
    found = run(tmp_path, PLAN, "--eyes", "1", "--least", "Đoài=1", "--json")
    assert json.loads(found.stdout)["chosen"] == [{"candidate": 12, "bearing_deg": 90}]


def test_no_plan_says_why(tmp_path: Path) -> None:
    hidden = at(900, "bridge", role="demand", required=True, name="Đầu cầu")
    found = run(tmp_path, [*PLAN, hidden], "--eyes", "2", language="vi")
    assert found.returncode == 1
    assert "Đầu cầu" in found.stderr
    assert json.loads(found.stdout.splitlines()[-1])["infeasible"] == [
        {"wish": "unseen", "key": "bridge", "wanted": 1, "possible": 0}
    ]
    found = run(tmp_path, PLAN, "--eyes", "2", "--budget", "1", "--least", "Đông=1")
    assert found.returncode == 1
    assert "Đông must get 1 eyes, and gets at most 0" in found.stderr


@pytest.mark.parametrize(
    ("features", "options", "told"),
    [
        ("{", ["--eyes", "1"], "no JSON"),
        ('{"type": "Topology"}', ["--eyes", "1"], "no GeoJSON file of features"),
        ([at(0, "x", role="candidate")], ["--eyes", "1"], "features[0].properties.bearings_deg"),
        ([at(0, "x", role="demand", weight=-1)], ["--eyes", "1"], "feature 1 (x)"),
        (PLAN, [], "--eyes or --budget"),
        (PLAN, ["--eyes", "1", "--least", "Nowhere=1"], "Nowhere=1"),
        (PLAN, ["--eyes", "1", "--level", "see"], "see"),
        (PLAN, ["--eyes", "-1"], "-1"),
    ],
)
def test_bad_use_is_told(tmp_path: Path, features: list[Any] | str, options: list[str], told: str) -> None:
    found = run(tmp_path, features, *options)
    assert found.returncode == 2
    assert told in found.stderr
    assert found.stdout == ""
