"""Which faces in residents' photos the finder finds, by how large and how well they are seen, and any where none is.

    python -m bench.faces [--pictures DIR]

The product's own child (`civic.tips.faces_child`). Debian's opencv-doc has one photograph with a face that is seen well: it is
made smaller and larger, darker, noisy, blurred, turned, and packed hard. That tells how the finder takes such changes, and
nothing of other people's faces, of faces from the side, under helmets or masks. `--pictures`: photographs of your own, for which
it prints how many areas it tells.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageEnhance, ImageFilter

from bench.measure import print_table
from luytre.civic.tips.faces import Box, find

DATA = Path("/usr/share/doc/opencv-doc/examples/data")
PHOTOGRAPH, FACE = "messi5.jpg", (243, 112, 38)
"""Its middle and its width, in pixels."""
EMPTY = ("aloeL.jpg", "building.jpg", "fruits.jpg", "home.jpg", "board.jpg", "left01.jpg", "graf1.png", "box.png")
SIZES_PX = (16, 20, 24, 32, 48, 64, 96)
PHOTO_PX = (1600, 1200)


def noisy(picture: Image.Image) -> Image.Image:
    return Image.blend(picture, Image.effect_noise(picture.size, 120).convert("RGB"), 0.15)


def packed(picture: Image.Image) -> Image.Image:
    written = BytesIO()
    picture.save(written, "JPEG", quality=25)
    return Image.open(BytesIO(written.getvalue())).convert("RGB")


CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda picture: picture,
    "from the other side": lambda picture: picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "dark (a quarter)": lambda picture: ImageEnhance.Brightness(picture).enhance(0.25),
    "noisy": noisy,
    "out of focus (2 px)": lambda picture: picture.filter(ImageFilter.GaussianBlur(2)),
    "packed hard": packed,
    "turned by 15°": lambda picture: picture.rotate(15, Image.Resampling.BICUBIC, center=PHOTO_MIDDLE),
    "turned by 40°": lambda picture: picture.rotate(40, Image.Resampling.BICUBIC, center=PHOTO_MIDDLE),
}
PHOTO_MIDDLE = (PHOTO_PX[0] // 2, PHOTO_PX[1] // 2)


def scene(source: Image.Image, face_px: int) -> Image.Image:
    """A photo as the page sends it, with the face in its middle, so many pixels wide."""
    scale = face_px / FACE[2]
    small = source.resize((round(source.width * scale), round(source.height * scale)), Image.Resampling.LANCZOS)
    made = Image.new("RGB", PHOTO_PX, (120, 130, 110))
    made.paste(small, (round(PHOTO_MIDDLE[0] - FACE[0] * scale), round(PHOTO_MIDDLE[1] - FACE[1] * scale)))
    return made


def told(picture: Image.Image) -> tuple[tuple[Box, ...], float]:
    """What the child tells, and in how many seconds."""
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        picture.convert("RGB").save(file.name, "JPEG", quality=85)
        begun = time.monotonic()
        return find(Path(file.name)), time.monotonic() - begun


def is_in_the_middle(box: Box) -> bool:
    return box.left < PHOTO_MIDDLE[0] < box.left + box.width and box.top < PHOTO_MIDDLE[1] < box.top + box.height


def by_change(source: Image.Image) -> Iterator[list[str]]:
    for name, change in CHANGES.items():
        told_of = [told(change(scene(source, size)))[0] for size in SIZES_PX]
        yield [name, *("yes" if any(map(is_in_the_middle, boxes)) else "–" for boxes in told_of)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=Path)
    args = parser.parse_args()
    if args.pictures:
        paths = sorted(path for path in args.pictures.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png"))
        print_table(["photograph", "areas told"], [[path.name, str(len(told(Image.open(path))[0]))] for path in paths])
        return 0
    with Image.open(DATA / PHOTOGRAPH) as source:
        print_table(
            ["one face, its width in a photo of 1600x1200", *(f"{size} px" for size in SIZES_PX)], list(by_change(source))
        )
    empty = [told(Image.open(DATA / name)) for name in EMPTY if (DATA / name).exists()]
    print(f"{len(empty)} pictures without a face: {sum(len(boxes) for boxes, _s in empty)} areas told in them")
    print(f"{told(Image.effect_noise(PHOTO_PX, 60))[1]:.1f} s for a photo of 1600x1200")
    return 0


if __name__ == "__main__":
    sys.exit(main())
