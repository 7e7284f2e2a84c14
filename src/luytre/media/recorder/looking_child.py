"""The child process that looks at pictures (`luytre.media.look`), seen from the recorder's loop."""

from __future__ import annotations

from luytre.media.look.messages import HEAD, Kind, Look, Seen, ViewHead, pack_views, unpack_head, unpack_seen
from luytre.media.recorder.child import ChildEnded, ChildProcess, python


class LookingChild(ChildProcess):
    """One look at a time."""

    command = python("luytre.media.look")
    within_s = 15.0
    """Longer than any picture takes; on a machine that is overloaded it stands back for everything else."""

    async def know(self, camera: str, views: list[tuple[ViewHead, bytes]], memory: str = "") -> None:
        """The camera's references from now on, and what an earlier child remembered of it. Raises ChildEnded."""
        await self.send(pack_views(camera, views, memory))

    async def look(self, look: Look) -> Seen:
        """Raises ChildEnded: it is gone, too slow, or speaks nonsense."""
        await self.send(look.pack())
        kind, payload = await self.receive(HEAD.size, unpack_head)
        if kind is not Kind.SEEN:
            raise ChildEnded("it says what nobody asked")
        try:
            return unpack_seen(payload)
        except ValueError as error:
            raise ChildEnded("it speaks nonsense") from error
