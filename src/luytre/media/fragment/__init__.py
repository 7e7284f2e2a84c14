"""fragment: samples into ISO base media boxes, and boxes back into tables. Pure functions, no I/O but `pread` in `walk`.

Owns: `ftyp`/`moov` of a run (H.264 `avc1`, H.265 `hvc1`, AAC `mp4a`), `prft`+`moof`+`mdat` of a fragment, our `uuid` boxes,
and the cutting of a sample line into fragments. Never: re-encodes, looks at a clock, touches the index.
Runs in: the recorder, `luytre record`, the archive's tools. Sources: ISO/IEC 14496-12, 14496-14, 14496-15.

Invariants:
- A fragment with a key frame starts with it.
- `tfdt` of a fragment is the exact decode time of its first sample; the last sample's duration may be a guess that the
  next fragment's `tfdt` corrects.
- What `build_*` writes, `parse_*` reads back to the same values (property test).
"""

from luytre.media.fragment.boxes import BoxError, box, iter_boxes, uuid_box
from luytre.media.fragment.cut import Fragmenter, LongestStep
from luytre.media.fragment.init import build_init, parse_init
from luytre.media.fragment.moof import build_fragment
from luytre.media.fragment.parse import FragmentHead, TrackRun, parse_fragment_head, walk_fragments

__all__ = [
    "BoxError",
    "FragmentHead",
    "Fragmenter",
    "LongestStep",
    "TrackRun",
    "box",
    "build_fragment",
    "build_init",
    "iter_boxes",
    "parse_fragment_head",
    "parse_init",
    "uuid_box",
    "walk_fragments",
]
