"""archive: footage on the disk, and the index that finds it again.

Owns: segment files, the SQLite index, holds, retention, recovery after a crash, `check` and `rebuild`. Never: parses a
camera's stream, re-encodes, serves HTTP, blocks the event loop. Runs in: the recorder and `luytre record` (one writer
thread a process), the CLI and playback (reading only).

Invariants: design/archive.md, 1-9. In short: a row never claims what was not synced; a closed file is sealed with its
hash; what is held is deleted by nobody; every hole has a reason; a crash at any step is repaired at the next opening.

A tour: `archive` is the face; `sink` takes fragments on the event loop, `writer` is the thread behind it, with a `lane` for
each stream; `layout`, `gops`, `paths` say
what the files look like; `schema`, `index`, `queries` the same for SQLite; `volume`, `recovery`, `rebuild` bring both
together; `retention` and `holds` decide what goes and what stays; `disk` is the seam under it all, with its fake.
"""

from luytre.media.archive.archive import Archive
from luytre.media.archive.check import CheckReport, check_archive
from luytre.media.archive.disk import Disk, FakeDisk, RealDisk
from luytre.media.archive.queries import Queries
from luytre.media.archive.rebuild import Rebuilt
from luytre.media.archive.sink import StreamWriter
from luytre.media.archive.tools import open_queries, rebuild_archive
from luytre.media.archive.values import (
    ArchiveSettings,
    ArchiveState,
    Erased,
    EraseRule,
    Gap,
    Gop,
    Hold,
    Segment,
    Span,
    StateKind,
    StreamFacts,
    Timeline,
    Usage,
)

__all__ = [
    "Archive",
    "ArchiveSettings",
    "ArchiveState",
    "CheckReport",
    "Disk",
    "EraseRule",
    "Erased",
    "FakeDisk",
    "Gap",
    "Gop",
    "Hold",
    "Queries",
    "RealDisk",
    "Rebuilt",
    "Segment",
    "Span",
    "StateKind",
    "StreamFacts",
    "StreamWriter",
    "Timeline",
    "Usage",
    "check_archive",
    "open_queries",
    "rebuild_archive",
]
