"""Elements of an XML report: with text, with names in every language, and with lists of identifiers."""

from collections.abc import Iterable
from xml.etree import ElementTree

from api.standards import terms
from api.standards.naming import Names

Element = ElementTree.Element
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
KIND = f"{{{_XSI}}}type"


def add(parent: Element, tag: str, text: object = None, **attributes: str) -> Element:
    """A new last child; true and false as XML writes them."""
    child = ElementTree.SubElement(parent, tag, attributes)
    if text is not None:
        child.text = str(text).lower() if isinstance(text, bool) else str(text)
    return child


def add_known(parent: Element, tag: str, value: object) -> None:
    """A new last child, if its value is known."""
    if value is not None:
        add(parent, tag, value)


def add_names(parent: Element, tag: str, names: Names) -> None:
    """A text in every language."""
    child = add(parent, tag)
    for code, name in names.items():
        add(child, "Text", name, language=code)


def add_identifiers(parent: Element, stable: str, known: Iterable[tuple[str, str]]) -> None:
    """The id that the profile calls stable, and those of others."""
    group = add(parent, "ExternalIdentifiers")
    for kind, value in (("stable", stable), *known):
        one = add(group, "ExternalIdentifier")
        add(one, "Type", kind if kind == terms.OCD_ID else terms.OTHER)
        if kind != terms.OCD_ID:
            add(one, "OtherType", kind)
        add(one, "Value", value)


def write(root: Element) -> bytes:
    """The document, in UTF-8, each element on a line of its own: the profile's validator takes less for empty."""
    ElementTree.indent(root, "")
    ElementTree.register_namespace("xsi", _XSI)
    document: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return document
