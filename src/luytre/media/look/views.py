"""A camera's references as the child gets them."""

from __future__ import annotations

from luytre.base.verdicts import Light
from luytre.media.look.messages import split
from luytre.media.look.reference import Reference
from luytre.media.look.signature import unpack
from luytre.media.look.sizes import PACKED_BYTES


def unpack_views(payload: bytes) -> tuple[str, tuple[Reference, ...], str]:
    """Camera, references, and what is remembered of it. Raises ValueError."""
    try:
        told, data = split(payload)
        found = []
        for index, (name, light, accepted, at_s, dx, dy) in enumerate(told["views"]):
            try:
                signature = unpack(data[index * PACKED_BYTES : (index + 1) * PACKED_BYTES])
            except ValueError:
                continue  # kept by another version: left out, or this camera's child would end again and again
            found.append(Reference(name, signature, Light(light), accepted is True, float(at_s), int(dx), int(dy)))
        return str(told["camera"]), tuple(found), str(told["memory"])
    except (KeyError, TypeError) as error:
        raise ValueError("no views of ours") from error
