"""Real footage (vtest.avi), coded as a camera codes it: what happens to a camera is found, and people crossing are no fault."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image, ImageFilter

from luytre.base.verdicts import Light, Verdict
from luytre.media.look.messages import HEAD, Kind, Look, Seen, ViewHead, pack, pack_views, unpack_head, unpack_look, unpack_seen
from luytre.media.recorder.looking_child import LookingChild
from luytre.media.unit import VideoFormat
from luytre.simulate.encode import EncoderOptions, encode_clip
from tests.support.clips import street_pictures

SIZE = (640, 360)


class Child:
    """The real process, spoken to as the recorder does."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(LookingChild.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.at_s = 1_700_000_000.0

    def look(
        self, picture: np.ndarray, *, codec: str = "h264", accept: bool = False, after_s: float = 50.0, cut: int = 0
    ) -> Seen:
        self.at_s += after_s
        clip = encode_clip(EncoderOptions("h265" if codec == "h265" else "h264", *SIZE, 1, 1, crf=30), [picture])
        sets = clip.description.parameter_sets
        samples = b"".join(len(nal).to_bytes(4, "big") + nal for nal in clip.units[0].nals)
        video = VideoFormat("h265" if codec == "h265" else "h264", *SIZE, sets, "")
        look = Look("cho", self.at_s, 20, 5, video, samples[: len(samples) - cut] if cut else samples, to_accept=accept)
        assert unpack_look(look.pack()[HEAD.size :]) == look
        assert self.process.stdin is not None
        self.process.stdin.write(look.pack())
        self.process.stdin.flush()
        return self.heard()

    def heard(self) -> Seen:
        assert self.process.stdout is not None
        kind, size = unpack_head(self.process.stdout.read(HEAD.size))
        assert kind is Kind.SEEN
        return unpack_seen(self.process.stdout.read(size))

    def know(self, seen: Seen) -> None:
        assert seen.keep is not None
        assert self.process.stdin is not None
        head = ViewHead("1", seen.reading.light, True, self.at_s)
        self.process.stdin.write(pack_views("cho", [(head, seen.keep.signature)]))

    def close(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.stdout.close()  # type: ignore[union-attr]
        return self.process.wait(timeout=10)


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    """Every tenth of the first eighty, in I420, noise on each."""
    dice = np.random.default_rng(1)
    found = [picture for index, picture in enumerate(street_pictures(*SIZE, 80)) if index % 10 == 0]
    return [np.clip(picture + dice.normal(0, 1.5, picture.shape), 0, 255).astype(np.uint8) for picture in found]


@pytest.fixture
def child(pictures: list[np.ndarray]) -> Iterator[Child]:
    """Accepted, and shown the street four times."""
    made = Child()
    accepted = made.look(pictures[0], accept=True)
    made.know(accepted)
    assert accepted.keep is not None
    assert accepted.keep.jpeg.startswith(b"\xff\xd8")
    assert [made.look(picture).reading.verdict for picture in pictures[1:5]] == [Verdict.WELL] * 4
    yield made
    made.close()


def luma(picture: np.ndarray, of: np.ndarray) -> np.ndarray:
    """That luma with the colours of a picture."""
    return np.concatenate([of, picture[SIZE[1] :]])


def moved(picture: np.ndarray, part: float) -> np.ndarray:
    """Turned: what comes in at the edge is the picture's other side, mirrored, so that it is not known."""
    shift = round(SIZE[0] * part)
    y = picture[: SIZE[1]]
    return luma(picture, np.concatenate([y[:, shift:], y[::-1, :shift]], axis=1))


def blurred(picture: np.ndarray, radius: float) -> np.ndarray:
    y = Image.fromarray(picture[: SIZE[1]])
    return luma(picture, np.asarray(y.filter(ImageFilter.GaussianBlur(radius))))


def covered(picture: np.ndarray) -> np.ndarray:
    return luma(picture, np.full((SIZE[1], SIZE[0]), 120, np.uint8))


def test_each_fault_is_told_by_its_name_and_the_view_comes_back(child: Child, pictures: list[np.ndarray]) -> None:
    five, six, seven = pictures[5:8]
    shown = {
        "black": five // 16 + np.uint8(16), "well 1": five, "turned": moved(five, 0.08), "well 2": six,
        "turned more": moved(six, 0.15), "well 3": six, "soft": blurred(seven, 3.2), "well 4": seven, "well 5": six,
        "covered": covered(seven), "still covered": covered(seven), "well 6": seven,
    }  # fmt: skip
    said = {name: child.look(picture, after_s=15).reading.verdict for name, picture in shown.items()}
    assert {name: verdict for name, verdict in said.items() if name.startswith("well") and verdict is not Verdict.WELL} == {}
    assert [said[name] for name in ("black", "turned", "turned more", "soft", "covered", "still covered")] == [
        Verdict.DARK, Verdict.TURNED, Verdict.TURNED, Verdict.BLURRED, Verdict.COVERED, Verdict.COVERED,
    ]  # fmt: skip
    again = [child.look(pictures[2]).reading.verdict for _ in range(3)]
    assert again == [Verdict.WELL, Verdict.FROZEN, Verdict.FROZEN]
    assert child.look(pictures[3], codec="h265").reading.verdict is Verdict.WELL


def test_what_does_not_decode_is_told_and_what_shows_nothing_is_not_accepted(child: Child, pictures: list[np.ndarray]) -> None:
    broken = child.look(pictures[1], cut=10**9)
    assert (broken.reading.verdict, broken.keep) == (None, None)
    assert broken.fault
    assert child.look(pictures[2]).reading.verdict is Verdict.WELL
    refused = [child.look(picture, accept=True).fault for picture in (pictures[1] // 16 + np.uint8(16), covered(pictures[1]))]
    assert refused == ["dark", "plain"]
    assert child.look(pictures[2], accept=True).reading.light is Light.DAY
    assert child.close() == 0


def test_a_child_ends_at_what_is_no_order() -> None:
    child = Child()
    assert child.process.stdin is not None
    child.process.stdin.write(pack(Kind.LOOK, b"\xff" * 40))
    assert child.close() != 0
