"""Single numbers: beyond any type, off by what people and machines are off by, or written as something else."""

from bench.mutations.unwell.scene import on_lexeme, on_number

_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_SUPER = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _like(digit: str, other: str) -> None:
    on_number(
        f"value: {digit} read as {other}",
        lambda number, _: int(str(abs(number)).replace(digit, other)) if number else 0,
    )


for _bits in (16, 31, 32, 53, 63, 64):
    on_number(f"value: two to the {_bits}", lambda _number, _chance, bits=_bits: 2**bits)  # type: ignore[misc]
    on_number(f"value: wrapped at {_bits} bits", lambda number, _, bits=_bits: number - 2**bits)  # type: ignore[misc]
for _times in (2, 3, 100, 1000):
    on_number(f"value: times {_times}", lambda number, _, times=_times: number * times)  # type: ignore[misc]
for _step in (10, 100, 1000):
    on_number(f"value: {_step} more", lambda number, _, step=_step: number + step)  # type: ignore[misc]
    on_number(f"value: {_step} less", lambda number, _, step=_step: number - step)  # type: ignore[misc]
for _pair in ("69", "17", "08", "35", "38"):
    _like(*_pair)
on_number("value: half", lambda number, _: number // 2)
on_number("value: squared", lambda number, _: number * number)
on_number("value: its last digit lost", lambda number, _: number // 10)
on_number("value: its first digit lost", lambda number, _: int(str(abs(number))[1:] or 0))
on_number("value: its first digit twice", lambda number, _: int(str(abs(number))[:1] + str(abs(number))))
on_number("value: backwards", lambda number, _: int(str(abs(number))[::-1]))
on_number("value: of another number", lambda _number, chance: chance.randrange(400))
on_number("value: an empty text", lambda _number, _chance: "")
on_number("value: the word null", lambda _number, _chance: "null")
on_number("value: a dash", lambda _number, _chance: "—")
on_number("value: not known", lambda _number, _chance: "N/D")
on_number("value: an object", lambda number, _: {"value": number})
on_number("value: false", lambda _number, _chance: False)
on_number("value: with a thousands comma", lambda number, _: f"{number:,}")
on_number("value: with a thousands blank", lambda number, _: f"{number:,}".replace(",", "\u00a0"))
on_number("value: in Arabic digits", lambda number, _: str(number).translate(_ARABIC))
on_number("value: in full-width digits", lambda number, _: str(number).translate(_WIDE))
on_number("value: in superscript", lambda number, _: str(number).translate(_SUPER))
on_number("value: hexadecimal", lambda number, _: hex(number))
on_number("value: with a unit", lambda number, _: f"{number} votos")
on_number("value: with a NUL", lambda number, _: f"{number}\x00")
on_lexeme("value: 1e306", lambda _: "1e306")
on_lexeme("value: 1e400", lambda _: "1e400")
on_lexeme("value: five thousand digits", lambda _: "9" * 5000)
on_lexeme("value: minus nothing", lambda _: "-0")
on_lexeme("value: with a leading zero", lambda number: f"0{number}")
on_lexeme("value: with a plus", lambda number: f"+{number}")
on_lexeme("value: with an exponent", lambda number: f"{number}e1")
on_lexeme("value: with a fraction of nothing", lambda number: f"{number}.0")
on_lexeme("value: with a comma for a point", lambda number: f"{number},5")
on_lexeme("value: not there at all", lambda _: "")
on_lexeme("value: an infinity", lambda _: "-Infinity")
