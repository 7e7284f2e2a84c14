"""A time stamp's certificates in the order that DER wants of a set (ITU-T X.690, 11.6). OpenSSL's servers send them as their
configuration names them, and what reads strictly refuses that. The set stands outside what is signed (RFC 5652, 5.4), and its
length is the same in any order: only places change.
"""

from __future__ import annotations

from dataclasses import dataclass

SEQUENCE, SET, INTEGER, IDENTIFIER, TAGGED_0 = 0x30, 0x31, 0x02, 0x06, 0xA0
_WIDEST_LENGTH = 4


@dataclass(frozen=True, slots=True)
class _Node:
    tag: int
    start: int
    content: int
    end: int


def in_order(response: bytes) -> bytes:
    """The answer (RFC 3161, 2.4.2) with its certificates in order; as it is where it has none, or is no such answer."""
    try:
        return _in_order(response)
    except (ValueError, IndexError):
        return response


def _in_order(response: bytes) -> bytes:
    (whole,) = _nodes(response, 0, len(response))
    content_info = _child(response, whole, 1, SEQUENCE)
    _child(response, content_info, 0, IDENTIFIER)
    signed_data = _child(response, _child(response, content_info, 1, TAGGED_0), 0, SEQUENCE)
    _child(response, signed_data, 0, INTEGER), _child(response, signed_data, 1, SET)
    certificates = _child(response, signed_data, 3, TAGGED_0)
    several = sorted(response[one.start : one.end] for one in _nodes(response, certificates.content, certificates.end))
    return response[: certificates.content] + b"".join(several) + response[certificates.end :]


def _child(data: bytes, parent: _Node, place: int, tag: int) -> _Node:
    found = _nodes(data, parent.content, parent.end)[place]
    if found.tag != tag:
        raise ValueError("another structure")
    return found


def _nodes(data: bytes, at: int, end: int) -> list[_Node]:
    """Errors: ValueError, IndexError where the bytes do not consist of nodes."""
    found: list[_Node] = []
    while at < end:
        tag, length, content = data[at], data[at + 1], at + 2
        if length > 0x7F:
            width = length & 0x7F
            if not 1 <= width <= _WIDEST_LENGTH:
                raise ValueError("length")
            content += width
            length = int.from_bytes(data[content - width : content], "big")
        if content + length > end:
            raise ValueError("beyond the end")
        found.append(_Node(tag, at, content, content + length))
        at = content + length
    return found
