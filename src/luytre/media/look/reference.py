"""A picture that others are compared with, as the child has it: with what would else be made of it again at each look."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from luytre.base.verdicts import Light
from luytre.media.look.signature import Signature, broad_of
from luytre.media.look.structure import Edges, edges_of


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """A picture that shows the accepted view. `dx`, `dy`: how far it lies from the accepted one, in pixels of 160x90."""

    id: str
    signature: Signature
    light: Light
    is_accepted: bool
    at_s: float
    dx: int = 0
    dy: int = 0
    broad: float = field(init=False)
    """`broad_of` its picture."""
    _edges: NDArray[np.int8] = field(init=False)
    """A quarter of their size: a child knows some thousand references."""

    def __post_init__(self) -> None:
        edges = edges_of(self.signature.grey)
        small = np.rint(np.stack([edges.real, edges.imag]) * 127).astype(np.int8)
        object.__setattr__(self, "_edges", small)
        object.__setattr__(self, "broad", broad_of(self.signature))

    @property
    def edges(self) -> Edges:
        return np.asarray((self._edges[0] + 1j * self._edges[1].astype(np.float32)) / 127, dtype=np.complex64)
