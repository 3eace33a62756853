"""What a module says of ubigeos and keys that `tally.keys` should: found by its syntax, in JavaScript by its words.

A name is taken for that of an ubigeo or key by its words (`ubigeo`, `district_code`, `key`), and so is what is assigned
or looped from it: to rename is no way round. Other text may be cut as one likes (`sha256[:2]`).
"""

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any

LENGTHS, SPANS = {2, 4, 6}, {100, 10_000}
WORDS = {
    *("ubigeo", "prefix", "department", "province", "district", "continent", "country", "city", "area", "region"),
    *("key", "within", "leaf", "onpe", "inei"),
}
# Names of collections: what they hold is text of that kind.
MANY = {*(f"{word}s" for word in WORDS), "prefixes", "countries", "cities", "leaves"}
# Names that hold no text, whatever else they name.
NO_TEXT = {"level", "levels", "length"}
HEADS = {"nation", "scope", "department", "province", "district", "place", "polling_place", "mesa"}
BELOW = {
    "nation": {"department", "scope"},
    "scope": {"department"},
    "department": {"province"},
    "province": {"district"},
    "district": {"place", "polling_place"},
    "place": {"mesa"},
    "polling_place": {"mesa"},
}
ABROAD_TEXT, ABROAD_NUMBERS = re.compile(r"91(0000)?|900000"), {900_000, 910_000}
ABROAD_BOUND = re.compile(r"(\w+/)?9\d*")
HEAD = re.compile(r"(scope|department|province|district|place|mesa)/")
PATTERN = re.compile(r"\b(department|province|district|place|mesa)\)?/\(?(\\d|\[)" r"|(\(\\d\\d\)|\(\\d\{2\}\)){2}")
DIGITS = re.compile(r"0?6d?")
_SAME_TEXT = {"str", "int", "sorted", "set", "list", "reversed", "partition", "split", "strip", "zfill", "ljust"}

_TEXT = r"(?i:\w*(?:ubigeo|prefix|department|province|district|area|region|key|within|code|leaf))(?:\(\)|\[\w+\])*\??"
_HEADS = "scope|department|province|district|place|mesa"
_Q = "[\"'`]"
IN_JAVASCRIPT = (
    ("a slice of an ubigeo or key", rf"{_TEXT}\.(?:slice|substring|substr)\((?:0,\s*)?-?[246]\b"),
    ("a length of a prefix", rf"{_TEXT}\.length\s*[=!<>]=*\s*[246]\b"),
    ("lengths of prefixes", r"\[\s*(?:2,\s*4|4,\s*2|6,\s*4,\s*2)\b"),
    ("lengths of prefixes", r"\bdepartment:\s*(?:2|10_?000)\b|\bprovince:\s*(?:4|100)\b"),
    ("the levels below", rf"\b(?:nation|scope):\s*\[?{_Q}department|\bdepartment:\s*\[?{_Q}province"),
    ("the levels below", rf"\bprovince:\s*\[?{_Q}district|\bdistrict:\s*\[?{_Q}(?:polling_)?place"),
    ("another word for a level", rf"\bplace:\s*{_Q}polling_place|\bpolling_place:\s*{_Q}place"),
    ("another word for a level", rf"{_Q}place{_Q}\s*\?\s*{_Q}polling_place"),
    ("a code of abroad", rf"{_Q}(?:91(?:0000)?|900000){_Q}|9\[\d-\d\]|\b9[01]0_?000\b|startsWith\({_Q}9"),
    ("a code of abroad", rf"[<>]=?\s*{_Q}(?:\w+/)?9\d*{_Q}|{_Q}9\d*{_Q}\s*[<>]"),
    ("the zeros of an ubigeo", rf"padEnd\(\s*[246]\b|padStart\(\s*6\b|endsWith\({_Q}(?:00)+{_Q}"),
    ("the start of a key", rf"{_Q}(?:{_HEADS})/{_Q}|`(?:{_HEADS})/\$\{{"),
    ("the start of a key", r"`[^`]*\b(?:department|province|district)/\$\{"),
    ("a pattern of keys", rf"\b(?:{_HEADS})\)?\\/|(?:\\d|\[0-9\])\{{6\}}"),
    ("a key taken apart", rf"{_TEXT}\.split\({_Q}/"),
    ("what lies within what", rf"{_TEXT}\.startsWith\({_TEXT}\)"),
)
_COMMENT = re.compile(r"/\*.*?\*/|(?:^|(?<=[\s;]))//[^\n]*", re.DOTALL | re.MULTILINE)

Slip = tuple[int, str]


def find_in_python(source: str) -> list[Slip]:
    """Lines of a module that work out keys by hand, each with what is wrong."""
    return sorted(set(_Reader(ast.parse(source)).slips()))


def find_in_javascript(source: str) -> list[Slip]:
    """The same of a module for the browser."""
    bare = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), source)
    lines = list(enumerate(bare.splitlines(), start=1))
    return [(n, what) for n, line in lines for what, pattern in IN_JAVASCRIPT if re.search(pattern, line)]


class _Reader:
    def __init__(self, tree: ast.Module) -> None:
        self._nodes = list(ast.walk(tree))
        self._docs = {id(node.body[0].value) for node in self._nodes if _has_docstring(node)}  # type: ignore[attr-defined] # it has a body
        self._numbers = {name: n for name, value in self._assigned() if (n := _number(value)) is not None}
        self._tainted: set[str] = set()
        for _ in range(3):  # from one name to the next
            self._taint()

    def slips(self) -> Iterator[Slip]:
        checks: dict[type[ast.AST], Callable[[Any], str | None]] = {
            ast.Subscript: self._slice,
            ast.Compare: self._comparison,
            ast.BinOp: self._arithmetic,
            ast.Call: self._call,
            ast.FormattedValue: self._digits,
            ast.JoinedStr: _key_put_together,
            ast.Constant: self._constant,
            ast.Dict: _table,
            ast.Tuple: _lengths,
            ast.List: _lengths,
            ast.Set: _lengths,
        }
        for node in self._nodes:
            check = checks.get(type(node))
            found = check(node) if check is not None else None
            if found is not None:
                yield node.lineno, found  # type: ignore[attr-defined] # those of `checks` have a line

    def _assigned(self) -> Iterator[tuple[str, ast.expr]]:
        for node in self._nodes:
            if isinstance(node, ast.Assign):
                yield from ((_name(target), node.value) for target in node.targets)

    def _taint(self) -> None:
        for node in self._nodes:
            match node:
                case ast.Assign(targets=[target], value=value) | ast.NamedExpr(target=target, value=value):
                    is_text = self._is_text(value)
                case ast.AnnAssign(target=target, value=value):
                    is_text = self._is_text(value)
                case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                    is_text = self._is_text(value) or self._is_many(value)
                case _:
                    continue
            if is_text:
                self._tainted |= {name.id for name in ast.walk(target) if isinstance(name, ast.Name)}

    def _is_text(self, node: ast.expr | None) -> bool:
        """Whether an expression is, by its names, an ubigeo or key, or text that was made of one."""
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in self._tainted or _is_named(name, WORDS):
                return True
            case ast.Subscript(slice=ast.Constant(value=str(name))):
                return _is_named(name, WORDS)
            case ast.Subscript(value=value):
                return self._is_text(value) or (self._is_many(value) and not isinstance(node.slice, ast.Slice))
            case ast.Call(func=ast.Name(id=name), args=[value, *_]) if name in _SAME_TEXT:
                return self._is_text(value) or self._is_many(value)
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in _SAME_TEXT:
                return self._is_text(value)
            case ast.JoinedStr(values=values):
                return any(isinstance(one, ast.FormattedValue) and self._is_text(one.value) for one in values)
        return False

    def _is_many(self, node: ast.expr) -> bool:
        return _is_named(_name(node), MANY)

    def _number(self, node: ast.expr | None) -> int | None:
        """The number an expression is, or that a name of this module stands for."""
        return self._numbers.get(node.id) if isinstance(node, ast.Name) else _number(node)

    def _slice(self, node: ast.Subscript) -> str | None:
        if not isinstance(node.slice, ast.Slice) or not self._is_text(node.value):
            return None
        bounds = [bound for bound in (node.slice.lower, node.slice.upper) if bound is not None]
        numbers = [self._number(bound) for bound in bounds]
        is_cut = any(number is None or abs(number) in LENGTHS for number in numbers)
        return "a slice of an ubigeo or key" if is_cut else None

    def _comparison(self, node: ast.Compare) -> str | None:
        sides = [node.left, *node.comparators]
        if any(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in node.ops):
            bounds = [side.value for side in sides if isinstance(side, ast.Constant)]
            is_bound = any(ABROAD_BOUND.fullmatch(str(bound)) for bound in bounds)
            if is_bound and (any(isinstance(bound, str) for bound in bounds) or any(map(self._is_text, sides))):
                return "a code of abroad"
        measured = [side.args[0] for side in sides if isinstance(side, ast.Call) and _name(side.func) == "len"]
        if any(map(self._is_text, measured)) and any(self._number(side) in LENGTHS for side in sides):
            return "a length of a prefix"
        return None

    def _arithmetic(self, node: ast.BinOp) -> str | None:
        is_cut = isinstance(node.op, ast.FloorDiv | ast.Mod) and self._number(node.right) in SPANS
        is_cut = is_cut and (self._is_text(node.left) or self._is_many(node.left))
        return "arithmetic on an ubigeo" if is_cut else None

    def _call(self, node: ast.Call) -> str | None:
        if not isinstance(node.func, ast.Attribute) or not node.args:
            return None
        value, name, first = node.func.value, node.func.attr, node.args[0]
        texts = [str(one.value) for one in ast.walk(first) if isinstance(one, ast.Constant)]
        is_column = isinstance(value, ast.Attribute) and _name(value.value) == "c"  # of a table
        if name == "startswith" and any(re.fullmatch(r"9\d?", text) for text in texts):
            return "a code of abroad"
        if name == "startswith" and self._is_text(value) and not is_column and (texts or self._is_text(first)):
            return "what lies within what"
        if name == "endswith" and any(re.fullmatch(r"(00)+", text) for text in texts):
            return "the zeros of an ubigeo"
        if name in ("ljust", "zfill") and self._number(first) in LENGTHS and (name == "ljust" or self._is_text(value)):
            return "the zeros of an ubigeo"
        return "a key taken apart" if name in ("partition", "split") and "/" in texts and self._is_text(value) else None

    def _digits(self, node: ast.FormattedValue) -> str | None:
        match node.format_spec:
            case ast.JoinedStr(values=[ast.Constant(value=str(digits))]) if DIGITS.fullmatch(digits):
                return "the digits of an ubigeo" if self._is_text(node.value) else None
        return None

    def _constant(self, node: ast.Constant) -> str | None:
        value = node.value
        if id(node) in self._docs:
            return None
        if value in ABROAD_NUMBERS or (isinstance(value, str) and ABROAD_TEXT.fullmatch(value)):
            return "a code of abroad"
        if isinstance(value, str) and HEAD.fullmatch(value):
            return "the start of a key"
        return "a pattern of keys" if isinstance(value, str) and PATTERN.search(value) else None


def _key_put_together(node: ast.JoinedStr) -> str | None:
    match node.values:
        case [ast.Constant(value=str(start)), *_] if HEAD.fullmatch(start):
            return "a key put together"
    return None


def _lengths(node: ast.Tuple | ast.List | ast.Set) -> str | None:
    return "lengths of prefixes" if {2, 4} <= {_number(part) for part in node.elts} <= LENGTHS else None


def _table(node: ast.Dict) -> str | None:
    """Whether a table is one of prefix lengths, or of the levels below."""
    rows = [(_level(key), value) for key, value in zip(node.keys, node.values, strict=True)]
    if len(rows) < 2 or any(level is None for level, _ in rows):
        return None
    if all(_number(value) in LENGTHS | SPANS | {1} for _, value in rows):
        return "lengths of prefixes"
    below = [({_level(part) for part in _parts(value)}, BELOW.get(level or "", set())) for level, value in rows]
    return "the levels below" if all(named & known for named, known in below) else None


def _parts(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple | ast.List) else [node]


def _level(node: ast.expr | None) -> str | None:
    is_word = isinstance(node, ast.Constant) and isinstance(node.value, str)
    word = str(node.value).rstrip("/") if is_word else _name(node).lower()  # type: ignore[union-attr] # a constant if it is a word
    return word if word in HEADS else None


def _name(node: ast.AST | None) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_named(name: str, words: set[str]) -> bool:
    own = set(name.lower().split("_"))
    return bool(own & words) and not own & NO_TEXT


def _number(node: ast.expr | None) -> int | None:
    match node:
        case ast.Constant(value=int(value)) if not isinstance(value, bool):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value))):
            return -value
    return None


def _has_docstring(node: ast.AST) -> bool:
    is_body = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    return is_body and ast.get_docstring(node, clean=False) is not None  # type: ignore[arg-type] # those have one
