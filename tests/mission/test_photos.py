"""Pictures: nothing but the pixels survives, and nothing that pretends to be one costs more than it may."""

import io
import json
import os
import subprocess
import sys
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from mission.incidents.attachments import Attachments
from mission.incidents.photos import MOST_BYTES, MOST_PIXELS, redraw
from tally.errors import InvalidInput, NotFound
from tests.mission.pictures import CARRIED, FORMATS, SECRET, draw, encode, exif, png_header, with_secret, zeros

# What a JPEG needs to be drawn, and the JFIF header that says nothing.
_PLAIN = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDA, 0xDD}
_MOST_MB = 250


def segments(body: bytes) -> dict[int, bytes]:
    """Segments of a JPEG up to its pixels, by marker."""
    assert body[:2] == b"\xff\xd8"
    assert body[-2:] == b"\xff\xd9"
    found, at = {}, 2
    while True:
        assert body[at] == 0xFF
        marker, length = body[at + 1], int.from_bytes(body[at + 2 : at + 4])
        found[marker] = body[at + 4 : at + 2 + length]
        if marker == 0xDA:
            return found
        at += 2 + length


@pytest.mark.parametrize("carried", CARRIED)
@pytest.mark.parametrize("kind", FORMATS)
def test_nothing_a_picture_carries_survives(kind: str, carried: str) -> None:
    sent = with_secret(kind, carried)
    if carried != "icc" or kind != "PNG":  # PNG compresses its profile
        assert SECRET in sent
    kept = redraw(sent)
    assert SECRET not in kept.body
    found = segments(kept.body)
    assert found.keys() <= _PLAIN
    assert found[0xE0].startswith(b"JFIF\x00")
    assert len(found[0xE0]) == 14  # no thumbnail
    with Image.open(io.BytesIO(kept.body)) as picture:
        assert (picture.format, picture.size, len(picture.getexif())) == ("JPEG", (64, 48), 0)
        assert not {"comment", "icc_profile", "exif", "xmp"} & picture.info.keys()
        assert picture.convert("L").getpixel((5, 20)) < 60
        assert picture.convert("L").getpixel((60, 20)) > 200


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("1", "PNG"), ("L", "JPEG"), ("P", "PNG"), ("LA", "PNG"), ("RGBA", "PNG"), ("RGBA", "WEBP"), ("CMYK", "JPEG"),
     ("I;16", "PNG")],
)  # fmt: skip
def test_every_kind_of_pixel_is_taken(mode: str, kind: str) -> None:
    picture = draw().convert("I").convert("I;16") if mode == "I;16" else draw(mode=mode)
    kept = redraw(encode(picture, kind))
    assert (kept.width, kept.height) == (64, 48)


def test_what_is_transparent_becomes_white() -> None:
    kept = redraw(encode(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "PNG"))
    with Image.open(io.BytesIO(kept.body)) as picture:
        assert picture.getpixel((4, 4)) == (255, 255, 255)


def test_a_picture_stands_upright_though_nothing_says_how_it_was_held() -> None:
    kept = redraw(encode(draw(), "JPEG", exif=exif(orientation=6)))
    assert (kept.width, kept.height) == (48, 64)
    with Image.open(io.BytesIO(kept.body)) as picture:
        assert picture.convert("L").getpixel((20, 5)) < 60


def test_the_same_picture_has_one_name_whatever_it_carries() -> None:
    plain = redraw(encode(draw(), "JPEG")).hash
    assert redraw(with_secret("JPEG", "comment")).hash == plain
    assert redraw(with_secret("JPEG", "exif")).hash == plain


def test_a_large_picture_is_made_smaller() -> None:
    kept = redraw(encode(draw((6000, 4000)), "JPEG"))
    assert max(kept.width, kept.height) <= 3072


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("evil.txt", SECRET)
    return target.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    "appended",
    [b"<html><script>alert('" + SECRET + b"')</script>", b"%PDF-1.4 " + SECRET, zipped(), b"#!/bin/sh\necho " + SECRET],
    ids=["html", "pdf", "zip", "shell"],
)
def test_what_is_also_something_else_is_only_a_picture_afterwards(kind: str, appended: bytes) -> None:
    kept = redraw(encode(draw(), kind) + appended).body
    assert SECRET not in kept
    assert b"%PDF" not in kept
    assert b"<html" not in kept
    with pytest.raises(zipfile.BadZipFile):
        zipfile.ZipFile(io.BytesIO(kept))


def test_a_comment_that_is_a_page_does_not_survive() -> None:
    page = b"*/=1;<svg onload=alert(1)>" + SECRET
    assert b"svg" not in redraw(encode(draw(), "JPEG", comment=page)).body


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GIF89a" + bytes(100),
        encode(draw(), "GIF"),
        encode(draw(), "BMP"),
        encode(draw(), "TIFF"),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4\n" + encode(draw(), "JPEG"),
        b"PK\x03\x04" + encode(draw(), "PNG"),
        b"\xff\xd8\xff" + bytes(2000),
        encode(draw((600, 600)), "JPEG")[:700],
        encode(draw((600, 600)), "PNG")[:60],
        encode(draw((600, 600)), "WEBP")[:40],
    ],
    ids=["nothing", "gif head", "gif", "bmp", "tiff", "svg", "pdf first", "zip first", "jpeg head", "half a jpeg",
         "half a png", "half a webp"],
)  # fmt: skip
def test_what_is_no_picture_is_refused(sent: bytes) -> None:
    with pytest.raises(InvalidInput):
        redraw(sent)


def test_every_byte_of_a_picture_may_be_wrong() -> None:
    for kind in FORMATS:
        sent = encode(draw((24, 16)), kind)
        for at in range(0, len(sent), max(1, len(sent) // 150)):
            broken = bytearray(sent)
            broken[at] ^= 0xFF
            with suppress(InvalidInput):
                assert redraw(bytes(broken)).body[:2] == b"\xff\xd8"


_BOMBS = """
import json, resource, sys
from mission.incidents.photos import redraw
from tally.errors import InvalidInput
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    redraw(sys.stdin.buffer.read())
    said = "taken"
except InvalidInput as error:
    said = str(error)
print(json.dumps([said, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024]))
"""


def in_a_process_of_its_own(sent: bytes) -> tuple[str, float]:
    """What is said of a picture, and by how many MB it made the process grow."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", _BOMBS], input=sent, env=environment, capture_output=True, check=True)
    said, grown = json.loads(done.stdout)
    return said, grown


@pytest.mark.parametrize(
    "sent",
    [
        png_header(60_000, 60_000, rows=zeros(64 << 20)),
        png_header(20_000, 20_000, rows=zeros(400 << 20)),
        png_header(2**31 - 1, 2**31 - 1),
        png_header(8, 8, rows=zeros(1 << 20), text=zeros(1 << 30)),
        encode(draw((64, 48)), "JPEG").replace(b"\x00\x30\x00\x40\x03", b"\xff\xff\xff\xff\x03"),
    ],
    ids=["60k square", "20k square", "largest", "text of 1 GB", "jpeg of 65k square"],
)
def test_a_decompression_bomb_is_refused_in_bounds(sent: bytes) -> None:
    assert len(sent) < MOST_BYTES
    said, grown = in_a_process_of_its_own(sent)
    assert said != "taken"
    assert grown < 60


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGBA")])
def test_the_largest_picture_that_is_taken_stays_in_bounds(kind: str, mode: str) -> None:
    side = int(MOST_PIXELS[kind] ** 0.5)
    said, grown = in_a_process_of_its_own(encode(draw((side, side), mode), kind))
    assert said == "taken"
    assert grown < _MOST_MB


def test_pictures_are_kept_under_their_hash_and_nothing_else_is_found(tmp_path: Path) -> None:
    attachments, picture = Attachments(tmp_path / "photos"), redraw(encode(draw(), "PNG"))
    with attachments.staged(picture):
        pass
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []  # it was refused, and leaves nothing
    for _ in range(2):
        with attachments.staged(picture) as place:
            place()
    files = [path for path in (tmp_path / "photos").rglob("*") if path.is_file()]
    assert [path.name for path in files] == [f"{picture.hash}.jpg"]
    assert attachments.read(picture.hash) == picture.body
    for name in ("0" * 64, "../../etc/passwd", "", picture.hash.upper(), f"{picture.hash}/.."):
        with pytest.raises(NotFound):
            attachments.read(name)
