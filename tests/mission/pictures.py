"""Pictures with things in them that must not survive, for the tests of pictures."""

import io
import struct
import zlib

from PIL import Image, ImageCms, PngImagePlugin

SECRET = b"SECRETO-4711"
_TEXT = SECRET.decode()
FORMATS = ("JPEG", "PNG", "WEBP")
CARRIED = ("exif", "xmp", "comment", "icc")


def draw(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """A picture with something on it: its left half is dark, its right half light."""
    picture = Image.new("L", size, 40)
    picture.paste(220, (size[0] // 2, 0, *size))
    return picture.convert(mode)


def encode(picture: Image.Image, kind: str, **options: object) -> bytes:
    """The picture's bytes."""
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def with_secret(kind: str, carried: str) -> bytes:
    """A picture of that format that carries SECRET in that way."""
    picture = draw()
    if carried == "exif":
        return encode(picture, kind, exif=exif())
    if carried == "icc":
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        return encode(picture, kind, icc_profile=profile + SECRET)
    if carried == "xmp":
        packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
        if kind == "PNG":
            text = PngImagePlugin.PngInfo()
            text.add_itxt("XML:com.adobe.xmp", packet.decode())
            return encode(picture, kind, pnginfo=text)
        return encode(picture, kind, xmp=packet)
    return _with_comment(picture, kind)


def exif(orientation: int = 1) -> bytes:
    """EXIF with a place, a camera and a comment."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = tags[0x010E] = _TEXT
    tags.get_ifd(0x8825).update({1: "S", 2: (12.0, 2.0, 46.9), 3: "W", 4: (77.0, 1.0, 52.3), 29: _TEXT})
    tags.get_ifd(0x8769)[0x9286] = SECRET
    return tags.tobytes()


def _with_comment(picture: Image.Image, kind: str) -> bytes:
    plain = encode(picture, kind)
    if kind == "JPEG":
        return encode(picture, kind, comment=SECRET)
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", _TEXT)
        return encode(picture, kind, pnginfo=text)
    chunk = b"NOTE" + struct.pack("<I", len(SECRET)) + SECRET
    body = plain[8:] + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body


def png_header(width: int, height: int, *, rows: bytes = b"", text: bytes = b"") -> bytes:
    """A PNG that says it has that size; `rows` are its compressed pixels, `text` a compressed text chunk."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", header)]
    if text:
        parts.append(_chunk(b"zTXt", b"bomb\x00\x00" + text))
    return b"".join([*parts, _chunk(b"IDAT", rows), _chunk(b"IEND", b"")])


def zeros(size: int) -> bytes:
    """That many zeros, compressed."""
    packer = zlib.compressobj(9)
    first, again = (packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    # A megabyte stands for itself, so it need not be packed a thousand times; the last block is empty.
    checksum = struct.pack(">HH", size % 65_521, 1)
    return first + again * ((size >> 20) - 1) + b"\x03\x00" + checksum


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
