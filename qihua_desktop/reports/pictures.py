"""Pictures as paper takes them: opaque, in RGB or grey, for archives refuse transparency and unexplained CMYK."""

from __future__ import annotations

import io
from typing import Any

_PLAIN_MODES = ("RGB", "L")


def opaque_picture(data: bytes) -> Any:
    """Return a picture for reportlab to draw, see-through parts laid over white.

    A JPEG in RGB or grey goes into the PDF as it is. Raises whatever Pillow's decoders raise on damaged bytes.
    """
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    with Image.open(io.BytesIO(data)) as picture:
        if picture.format == "JPEG" and picture.mode in _PLAIN_MODES:
            return ImageReader(io.BytesIO(data))
        if picture.has_transparency_data:
            layer = picture.convert("RGBA")
            flat = Image.new("RGB", layer.size, "white")
            flat.paste(layer, mask=layer.getchannel("A"))
        else:
            flat = picture.convert("L" if picture.mode in ("1", "L") else "RGB")
        return ImageReader(flat)
