"""A link as a QR code, for a telephone's camera."""

from __future__ import annotations

import base64
from io import BytesIO

import qrcode
from qrcode.image.svg import SvgPathImage


def qr_data_uri(text: str) -> str:
    """An SVG as a `data:` address, black on nothing: put it on white, with a margin of its own (ISO/IEC 18004: four modules)."""
    image = qrcode.make(text, image_factory=SvgPathImage, border=4)
    written = BytesIO()
    image.save(written)
    return "data:image/svg+xml;base64," + base64.b64encode(written.getvalue()).decode("ascii")
