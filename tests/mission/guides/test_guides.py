"""Guides: Markdown becomes a tree of harmless nodes, and a bad file leaves the others as they are."""

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mission.guides.document import DocumentFault, DocumentNode, read_document
from mission.guides.library import load_guides
from tally.errors import InvalidInput
from texts.language import LANGUAGES

_TAGS = {"p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "strong", "em", "code", "pre", "hr", "br", "a"}
_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
_ACTIVE = st.sampled_from(
    ("<script>alert(1)</script>", "[x](javascript:alert(1))", "![x](a.png)", "[x](//evil.example)", "# ", "> ", "- ")
)


def nodes(given_: Sequence[DocumentNode | str]) -> list[DocumentNode]:
    """All nodes of a tree."""
    own = [node for node in given_ if isinstance(node, DocumentNode)]
    return own + [below for node in own for below in nodes(node.children)]


def test_a_document_is_its_title_and_blocks() -> None:
    document = read_document(
        "# Guía *breve*\n\nUno **dos**\ntres\n\n## Luego\n\n- a\n- [b](other.es.md)\n\n|x|y|\n|-|-|\n|1|2|\n"
    )
    assert document.title == "Guía breve"
    assert [block.tag for block in document.blocks] == ["p", "h3", "ul", "table"]
    assert document.blocks[0].children == ("Uno ", DocumentNode("strong", ("dos",)), " ", "tres")
    assert document.blocks[2].children[1] == DocumentNode("li", (DocumentNode("a", ("b",), guide="other"),))
    assert document.guides == {"other"}


def test_html_is_shown_as_what_was_typed() -> None:
    [block] = read_document("# a\n\n<img src=x onerror=alert(1)> & <b>").blocks
    assert block == DocumentNode("p", ("<img src=x onerror=alert(1)> & <b>",))


@settings(max_examples=150, deadline=None)
@given(parts=st.lists(st.one_of(st.text(max_size=20), _ACTIVE), max_size=8))
def test_whatever_is_typed_there_are_only_harmless_nodes(parts: list[str]) -> None:
    try:
        document = read_document("# title\n\n" + "\n".join(parts))
    except DocumentFault:
        return
    for node in nodes(document.blocks):
        assert node.tag in _TAGS
        assert node.href is None or node.href.startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Sin título", "line 1: a guide begins with a heading"),
        ("", "line 1: a guide begins with a heading"),
        ("# a\n\n- b\n- ![mapa](mapa.png)", "line 4: a picture"),
        ("# a\n\n[b](ftp://x)", "line 3: a link to 'ftp://x'"),
        ("# a\n\n[b](../secret)", "line 3: a link to '../secret'"),
        ("# a\n\n[b](//evil.example)", "line 3: a link to '//evil.example'"),
    ],
)
def test_what_a_document_may_not_have_is_named_with_its_line(text: str, fault: str) -> None:
    with pytest.raises(DocumentFault, match=fault.replace("(", r"\(")):
        read_document(text)


def test_a_bad_file_is_named_and_the_rest_are_read(tmp_path: Path) -> None:
    (tmp_path / "good.es.md").write_text("# Buena\n\n[otra](gone)")
    (tmp_path / "good.en.md").write_text("# Good")
    (tmp_path / "Bad Name.md").write_text("# x")
    (tmp_path / "latin.es.md").write_bytes("# Guía".encode("latin-1"))
    (tmp_path / "large.es.md").write_text("# a\n" + "b" * 250_000)
    guides = load_guides(tmp_path)
    assert {name: set(guide.documents) for name, guide in guides.guides.items()} == {"good": {"es", "en"}}
    assert [fault.partition(":")[0] for fault in guides.faults] == [
        "Bad Name.md",
        "large.es.md",
        "latin.es.md",
        "good.es.md",
    ]


def test_a_changed_file_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "good.es.md").write_text("# Buena")
    before = load_guides(tmp_path).guides["good"].digest
    (tmp_path / "good.en.md").write_text("# Good")
    assert load_guides(tmp_path).guides["good"].digest != before


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="setting guides"):
        load_guides(tmp_path / "nowhere")


def test_the_shipped_guides_are_well_and_in_every_language() -> None:
    guides = load_guides()
    assert guides.faults == ()
    assert set(guides.guides) == {"safety", "scrutiny"}
    assert all(set(guide.documents) == set(LANGUAGES) for guide in guides.guides.values())
    assert len(msgspec.json.encode(guides)) < 40_000
