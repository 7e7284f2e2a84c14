"""transcode: H.265 made H.264 for browsers that cannot show it, and masks burned in. A child process, one a camera, while
somebody looks.

Owns: decoding, scaling down, masking and coding again of whole fragments (`Recoder`), and what parent and child say to each
other (`messages`). Never: opens a file or a connection, knows a camera's name or address, keeps a picture.
PyAV is loaded by `recode` alone, and so in the child alone. `film` is another child, of the jobs: it makes a copy for watching of
one file that somebody sent, and opens that file and its copy alone. `viewing` is a third, of the jobs too: a copy for watching of
a span of the archive, with masks and moving regions (`mosaic`) hidden in it.
Runs in: `python -m luytre.media.transcode`, a child of the recorder, at low priority; it ends when its parent does.

Invariants:
- Every picture keeps its time on the run's line to the tick, so that cameras stay in step whether coded again or not.
- A GOP of the source is a GOP of what comes out; the first fragment of a GOP starts with a key frame.
- Polygons of the order are burned into every picture; where that cannot be done, nothing comes out.
- A crash here ends a transcode and nothing else.
"""

from luytre.media.transcode.messages import PLAIN, Kind, Order, pack, unpack_head
from luytre.media.transcode.size import even, shrunk

__all__ = ["PLAIN", "Kind", "Order", "even", "pack", "shrunk", "unpack_head"]
