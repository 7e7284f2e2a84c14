"""live: one bounded hub a stream, and those who watch.

Owns: fan-out of runs and fragments to the archive and to viewers, the newest GOP for those who join, a viewer's queue and
its bound. Never: waits for a viewer, touches disk or network. Runs in: the recorder, `luytre record`.

Invariants:
- The archive is a sink like another but is never skipped: `append` reaches it before any viewer.
- A slow viewer loses whole fragments up to the next GOP's start, counted, and is told; nobody else notices.
- What a viewer gets begins with an init segment and a fragment that starts a GOP.
"""

from luytre.media.live.hub import Hub
from luytre.media.live.viewer import Piece, Viewer

__all__ = ["Hub", "Piece", "Viewer"]
