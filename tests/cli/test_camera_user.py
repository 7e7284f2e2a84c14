"""`luytre camera` and `luytre user`, as somebody at a terminal or another program calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from click.testing import CliRunner, Result

from luytre.base.i18n import use_language
from luytre.bridge import direct_probe
from luytre.civic.access.models import Role, User
from luytre.civic.ports import ProbeAnswer
from luytre.civic.registry.grants import named_cameras
from luytre.civic.registry.models import Camera, CameraGrant
from luytre.civic.registry.scope import cameras_of
from luytre.cli import camera as camera_module
from luytre.cli.camera import camera
from luytre.cli.user import ROLES, user
from tests.web.cast import CAMERA_PASSWORD, PASSWORD
from tests.web.cast import camera as make_camera

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_module, "_refresh", lambda: None)
    use_language("en")


def run(command: object, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(command, list(arguments), input=typed)  # type: ignore[arg-type]


def test_add_list_and_remove() -> None:
    added = run(
        camera, "add", "Cổng chợ", "rtsp://10.0.0.5/s1", "--sub-url", "rtsp://10.0.0.5/s2", "--hamlet", "Thôn Đông",
        "--username", "u", "--password-stdin", "--retention-days", "9", typed=f"{CAMERA_PASSWORD}\n",
    )  # fmt: skip
    assert added.exit_code == 0, added.output
    one = Camera.objects.get(key=added.output.strip())
    assert (one.name, one.username, one.password, one.retention_days, str(one.site.hamlet)) == (
        "Cổng chợ",
        "u",
        CAMERA_PASSWORD,
        9,
        "Thôn Đông",
    )
    listed = run(camera, "list", "--json")
    assert json.loads(listed.output)["cameras"][0] == {
        "key": one.key, "name": "Cổng chợ", "hamlet": "Thôn Đông", "site": "Cổng chợ", "road": "", "enabled": True, "main_url": "rtsp://10.0.0.5/s1",
        "sub_url": "rtsp://10.0.0.5/s2", "username": "u",
    }  # fmt: skip
    assert CAMERA_PASSWORD not in listed.output + run(camera, "list").output
    assert run(camera, "remove", one.key, typed="n\n").exit_code == 1
    assert run(camera, "remove", "cổng chợ", "--yes").exit_code == 0
    assert "No camera yet" in run(camera, "list").output


def test_credentials_in_the_address_leave_it() -> None:
    run(camera, "add", "x", f"rtsp://u:{CAMERA_PASSWORD}@10.0.0.5/s1")
    one = Camera.objects.get()
    assert (one.main_url_shown, one.username, one.password) == ("rtsp://10.0.0.5/s1", "u", CAMERA_PASSWORD)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "x", "ftp://10.0.0.5"], "not one a camera can have"),
        (["add", " ", "rtsp://10.0.0.5/s"], "needs a name"),
        (["add", "x", "rtsp://10.0.0.5/s", "--retention-days", "0"], "0"),
        (["remove", "nothere", "--yes"], "there is no camera nothere"),
        (["test", "nothere"], "there is no camera nothere"),
    ],
)
def test_bad_use_is_one_line_and_exit_2(arguments: list[str], words: str) -> None:
    result = run(camera, *arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert not Camera.objects.exists()


def test_two_cameras_of_one_name_are_named_by_their_keys() -> None:
    make_camera("Chợ"), make_camera("Chợ")
    assert run(camera, "remove", "Chợ", "--yes").exit_code == 2


def test_test_asks_the_camera_with_what_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    asked: list[tuple[str, str, str]] = []

    def probe(_self: object, url: str, username: str, password: str, _language: str) -> ProbeAnswer:
        asked.append((url, username, password))
        return ProbeAnswer(True, codec="h264", width_px=1280, height_px=720, fps=12.5, picture_jpeg=b"jpeg")

    monkeypatch.setattr(direct_probe.DirectProbe, "probe", probe)
    one = make_camera()
    picture = f"{tmp_path}/x.jpg"
    result = run(camera, "test", one.key, "--picture", picture)
    assert (result.exit_code, result.output.strip()) == (0, "H264 1280x720 12.5 fps")
    with open(picture, "rb") as file:
        assert file.read() == b"jpeg"
    run(camera, "test", "rtsp://a:b@10.0.0.9/x")
    assert asked == [("rtsp://10.0.0.5:554/main", "viewer", CAMERA_PASSWORD), ("rtsp://10.0.0.9/x", "a", "b")]


def test_test_of_a_closed_port_says_so() -> None:
    result = run(camera, "test", "rtsp://127.0.0.1:1/x")
    assert result.exit_code == 1
    assert "RTSP port is closed" in result.output


def test_a_one_time_password_is_printed_and_must_be_changed() -> None:
    result = run(user, "add", "truc-ban", "--role", "duty", "--name", "Trực ban")
    assert result.exit_code == 0, result.output
    made = User.objects.get(username="truc-ban")
    one_time = result.output.split("One-time password: ")[1].split(" ")[0]
    assert made.check_password(one_time)
    assert (made.assignments.get().role, made.must_change_password, str(made)) == (Role.DUTY, True, "Trực ban")
    Authenticator.objects.create(user=made, type=Authenticator.Type.TOTP, data={})
    assert run(user, "password", "TRUC-BAN").exit_code == 0
    assert Authenticator.objects.count() == 1
    again = run(user, "password", "TRUC-BAN", "--remove-second-step")
    assert not Authenticator.objects.exists()
    made.refresh_from_db()
    assert not made.check_password(one_time)
    assert made.check_password(again.output.split("One-time password: ")[1].split(" ")[0])


def test_a_viewer_gets_cameras() -> None:
    one = make_camera("Chợ")
    assert run(user, "add", "xem", "--camera", "Chợ", "--history").exit_code == 0
    made = CameraGrant.objects.get().assignment
    assert (made.role, set(made.ways.split(",")), named_cameras(made)) == (Role.SECURITY_TEAM, {"live", "history"}, [one])
    assert run(user, "add", "to-3").exit_code == 0
    assert not cameras_of(User.objects.get(username="to-3")).exists()  # of a hamlet, but nobody has said which
    assert run(user, "add", "truc-cho", "--role", "duty", "--camera", "Chợ").exit_code == 0
    assert list(cameras_of(User.objects.get(username="truc-cho"), "export")) == [one]


def test_a_password_from_standard_input_is_judged_and_kept() -> None:
    assert run(user, "add", "xem", "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 0
    made = User.objects.get()
    assert made.check_password(PASSWORD)
    assert not made.must_change_password
    weak = run(user, "password", "xem", "--password-stdin", typed="123\n")
    assert weak.exit_code == 2
    assert "too short" in weak.output
    made.refresh_from_db()
    assert made.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["add", "a b"], "valid username"),
        (["add", "x", "--role", "auditor", "--camera", "Chợ"], "sees no camera"),
        (["add", "x", "--camera", "nothere"], "there is no camera"),
        (["add", "x", "--role", "king"], "king"),
        (["password", "nobody"], "there is no account nobody"),
    ],
)
def test_bad_use_of_user_is_one_line_and_exit_2(arguments: list[str], words: str) -> None:
    make_camera("Chợ")
    result = run(user, *arguments)
    assert result.exit_code == 2
    assert words in result.output
    assert not User.objects.exists()


def test_a_folder_that_was_never_started_is_told_with_what_to_do(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("luytre")), "user", "add", "truc1"]
    environment = {"LUYTRE_DATA": str(tmp_path / "never"), "LUYTRE_LANG": "en", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)
    assert done.returncode == 1
    assert "luytre serve" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 2


def test_every_role_can_be_given_at_a_terminal_too() -> None:
    assert sorted(ROLES) == sorted(Role.values)
    for role in ("surveyor", "treasurer"):
        done = CliRunner().invoke(user, ["add", f"a-{role}", "--role", role, "--password-stdin"], input=f"{PASSWORD}\n")
        assert done.exit_code == 0, done.output
        assert [one.role for one in User.objects.get(username=f"a-{role}").assignments.all()] == [role]
