"""How large the pictures are that are compared. No numpy: the recorder knows these too."""

from __future__ import annotations

import struct

LARGE_WIDTH_PX, LARGE_HEIGHT_PX = 320, 180
"""What comes in: the picture stretched to this, so that streams of one camera with other shapes can be compared."""
WIDTH_PX, HEIGHT_PX = 160, 90
COLUMNS, ROWS = 16, 9
"""Cells in which fineness is measured."""
SIGNATURE_HEAD = struct.Struct("<BHff")
PACKED_BYTES = SIGNATURE_HEAD.size + WIDTH_PX * HEIGHT_PX + 2 * COLUMNS * ROWS * 4
"""Of a packed signature."""
