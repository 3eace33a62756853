"""A document out of Markdown: a tree of few kinds of nodes, which a page builds of elements and never reads as HTML."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import Struct

# What a document may be made of. Its first heading is its title; those below it are the page's third level and deeper.
_HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}
_TEXT = frozenset(("text", "code_inline", "code_block", "fence"))
_NAME = r"[a-z0-9][a-z0-9-]{0,39}"
_GUIDE = re.compile(rf"(?:\./)?({_NAME})(?:\.[a-z]{{2}})?(?:\.md)?(?:#.*)?")
# HTML in it is text like any other.
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


class DocumentNode(Struct, frozen=True):
    """An element by its name: a paragraph, a heading from h3 on, a list, a table, an emphasis, a link.

    Of a link, either `href` (http or https) or `guide` (another guide's name).
    """

    tag: str
    children: "tuple[DocumentNode | str, ...]" = ()
    href: str | None = None
    guide: str | None = None


class Document(Struct, frozen=True):
    """A guide in one language."""

    title: str
    blocks: tuple[DocumentNode, ...]

    @property
    def guides(self) -> set[str]:
        """Names of the guides it links to."""
        return set(_linked(self.blocks))


class DocumentFault(ValueError):
    """Why a document is not shown, with the line."""


def read_document(text: str) -> Document:
    """The document.

    Raises: DocumentFault.
    """
    tokens = _MARKDOWN.parse(text)
    if not tokens or tokens[0].type != "heading_open":
        raise DocumentFault("line 1: a guide begins with a heading, which is its title")
    title = _plain(tokens[1])
    return Document(title, tuple(one for one in _Builder(tokens[3:]).build() if isinstance(one, DocumentNode)))


def _plain(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def _linked(nodes: Sequence[DocumentNode | str]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, DocumentNode):
            if node.guide is not None:
                yield node.guide
            yield from _linked(node.children)


class _Builder:
    """Nodes out of tokens, which open and close."""

    def __init__(self, tokens: Sequence[Token], line: int = 1) -> None:
        self._tokens, self._line = iter(tokens), line

    def build(self) -> tuple[DocumentNode | str, ...]:
        """All nodes up to the next that closes, or to the end."""
        nodes: list[DocumentNode | str] = []
        for token in self._tokens:
            self._line = token.map[0] + 1 if token.map else self._line
            if token.nesting < 0:
                break
            nodes += self._nodes(token)
        return tuple(nodes)

    def _nodes(self, token: Token) -> Sequence[DocumentNode | str]:
        if token.type == "inline":
            return _Builder(token.children or (), self._line).build()
        if token.type == "image":
            raise DocumentFault(f"line {self._line}: a picture; guides are words")
        if token.type == "softbreak":
            return (" ",)
        if token.type in _TEXT:
            return (_node_of_code(token),) if token.tag else tuple(filter(None, (token.content,)))
        if token.nesting == 0:
            return (DocumentNode(token.tag),)
        target = self._target(token) if token.tag == "a" else {}
        children = self.build()
        if token.hidden:  # a paragraph in a list without gaps
            return children
        return (DocumentNode(_HEADINGS.get(token.tag, token.tag), children, **target),)

    def _target(self, token: Token) -> dict[str, str]:
        href = str(token.attrGet("href") or "")
        if re.match(r"https?://", href):
            return {"href": href}
        named = _GUIDE.fullmatch(href)
        if named is None:
            raise DocumentFault(f"line {self._line}: a link to {href[:80]!r}, which is neither http(s) nor a guide")
        return {"guide": named[1]}


def _node_of_code(token: Token) -> DocumentNode:
    return DocumentNode("code" if token.type == "code_inline" else "pre", (token.content,))
