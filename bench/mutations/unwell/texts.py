"""Bytes, encodings and wrappings: what stands between a sound answer and its reader."""

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any

from bench.mutations.registry import objects
from bench.mutations.unwell.scene import on_body, on_value


def _text(name: str, change: Callable[[str], str]) -> None:
    on_body(f"text: {name}", lambda body: change(body.decode()).encode("utf-8", "surrogatepass"))


def _on_names(name: str, change: Callable[[str], str]) -> None:
    """Every text that is a name, not a code."""

    def apply(value: Any, _chance: Any) -> bool:
        places = [
            (one, field)
            for one in objects(value)
            for field, text in one.items()
            if isinstance(text, str) and any(letter.isalpha() for letter in text) and field != "codigoEstadoActa"
        ]
        for found, field in places:
            found[field] = change(found[field])
        return bool(places)

    on_value(f"name: {name}", apply)


def _on_keys(name: str, change: Callable[[str], str]) -> None:
    def apply(value: Any, _chance: Any) -> bool:
        for one in list(objects(value)):
            for field in list(one):
                one[change(field)] = one.pop(field)
        return True

    on_value(f"key: {name}", apply)


for _code in ("utf-16-le", "utf-16-be", "utf-32", "utf-7", "latin-1", "cp037"):
    on_body(f"text: in {_code}", lambda body, code=_code: body.decode().encode(code, "replace"))  # type: ignore[misc]
on_body("text: gzip that nobody announced", gzip.compress)
on_body("text: gzip twice", lambda body: gzip.compress(gzip.compress(body)))
on_body("text: deflate", zlib.compress)
on_body("text: base64", base64.b64encode)
on_body("text: NUL behind it", lambda body: body + b"\x00" * 64)
on_body("text: an overlong slash", lambda body: body.replace(b"{", b"\xc0\xaf{", 1))
_text("a byte order mark in the middle", lambda text: text.replace(":", ":\ufeff", 1))
_text("lines of a dosbox", lambda text: text.replace(",", ",\r\n"))
_text("a million blanks", lambda text: " " * 1_000_000 + text)
_text("a callback around it", lambda text: f"callback({text});")
_text("a guard before it", lambda text: ")]}',\n" + text)
_text("a warning before it", lambda text: f"<br />\n<b>Warning</b>: mysqli\n{text}")
_text("a comma too many", lambda text: text.replace("}", ",}", 1))
_text("a comment in it", lambda text: text.replace("{", "{/* cut */", 1))
_text("single quotes", lambda text: text.replace('"', "'"))
_text("half a surrogate", lambda text: text.replace('"message":"', '"message":"\\ud800', 1))
_text("as XML", lambda text: f"<?xml version='1.0'?><data>{len(text)}</data>")
_text("as a text in JSON", json.dumps)
_text("in a list", lambda text: f"[{text}]")
_text("as lines", lambda text: f"{text}\n{text}")
_text("without its end", lambda text: text.rstrip("}]"))
_text("the success of a failure", lambda text: text.replace('"success":true', '"success":"true"'))
_text("no envelope", lambda text: json.dumps(json.loads(text).get("data"), ensure_ascii=False))
_text("an error in words", lambda _: '{"success":false,"message":"Ocurrió un error","data":null}')
_text("a limit in words", lambda _: '{"message":"Too Many Requests"}')
_text(
    "a field again behind a blank",
    lambda text: text.replace('"contabilizadas":', '"contabilizadas" :1,"contabilizadas":'),
)
_text(
    "a field again in escapes",
    lambda text: text.replace('"contabilizadas":', '"\\u0063ontabilizadas":1,"contabilizadas":'),
)
_on_keys("capitals", str.upper)
_on_keys("a blank behind each", lambda key: f"{key} ")
_on_keys("a letter that looks alike", lambda key: key.replace("o", "о"))
_on_names("a control character", lambda text: f"{text}\x07")
_on_names("a NUL", lambda text: f"{text[:1]}\x00{text[1:]}")
_on_names("written backwards", lambda text: f"\u202e{text}")
_on_names("a hundred thousand letters", lambda text: text[:1] * 100_000)
_on_names("markup", lambda text: f"<script>{text}</script>")
_on_names("nothing", lambda _: "")
_on_names("broken accents", lambda text: text.encode().decode("latin-1"))
