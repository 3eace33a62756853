"""Examples that run as they stand, with the address of a set put into them."""

from importlib.resources import files

# As the texts call them, and as their files are named.
EXAMPLES = ("duckdb", "pandas", "r", "sheet", "curl")


def example(name: str, address: str) -> str:
    """One of them, over the set at that address."""
    text = (files(__package__) / f"{name}.txt").read_text("utf-8")
    return text.replace("{set}", address).strip()
