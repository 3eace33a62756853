"""Pictures taken in: decoded within bounds and drawn anew, so that nothing but the pixels survives.

Source: Pillow's own warning that a re-saved JPEG keeps its comment, and its EXIF if told so; hence a new picture is
made from the bare pixels, whatever came with the old one or after it.
"""

import hashlib
import io
import struct
import zlib

from msgspec import Struct
from PIL import Image, ImageOps, UnidentifiedImageError

from mission.thresholds import THRESHOLDS
from tally.errors import InvalidInput

MOST_BYTES = THRESHOLDS.reports.most_photo_mb * 1024 * 1024
# A JPEG can be decoded at half its size, in a quarter of the memory; the others only whole.
MOST_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
_LONGEST_SIDE = 3072
_QUALITY = 88
MEDIA_TYPE = "image/jpeg"
SUFFIX = ".jpg"
# A camera may write several pictures into one JPEG (then found as MPO), of which the first is the picture.
_FORMATS = ("JPEG", "PNG", "WEBP")
_KNOWN = "a JPEG, PNG or WebP picture is taken here"
# What the decoders raise on bytes that are not what they say.
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)


class Picture(Struct, frozen=True):
    """A picture drawn anew, as JPEG; `hash` is the SHA-256 of its bytes, hexadecimal."""

    body: bytes
    hash: str
    width: int
    height: int


def redraw(sent: bytes) -> Picture:
    """The picture in those bytes, upright, at most 3,072 pixels wide or high, with nothing beside its pixels.

    Raises: InvalidInput: no such picture, broken, or larger than is decoded here.
    """
    if len(sent) > MOST_BYTES:
        raise InvalidInput(f"a picture of at most {MOST_BYTES // 1024 // 1024} MB is taken")
    drawn = _draw(sent)
    target = io.BytesIO()
    drawn.save(target, "JPEG", quality=_QUALITY, optimize=True)
    body = target.getvalue()
    return Picture(body, hashlib.sha256(body).hexdigest(), drawn.width, drawn.height)


def _draw(sent: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(sent), formats=_FORMATS) as picture:
            # Only the header was read so far.
            most = MOST_PIXELS.get(picture.format or "", 0)
            if picture.width * picture.height > most:
                raise InvalidInput(
                    f"a picture of {picture.width} × {picture.height} is larger than {most // 1_000_000} million pixels"
                )
            picture.draft("RGB", (_LONGEST_SIDE, _LONGEST_SIDE))
            picture.load()
            return _bare(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidInput("the picture has far more pixels than are taken") from error
    except UnidentifiedImageError as error:
        raise InvalidInput(_KNOWN) from error
    except _BROKEN as error:
        raise InvalidInput("the picture is broken: it cannot be decoded") from error


def _bare(picture: Image.Image) -> Image.Image:
    """The pixels alone: turned as the camera was held, on white where they are transparent."""
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        seen = upright.convert("RGBA")
        plain = Image.new("RGB", seen.size, "white")
        plain.paste(seen, mask=seen.getchannel("A"))
    else:
        plain = upright.convert("RGB")
    return Image.frombytes("RGB", plain.size, plain.tobytes())
