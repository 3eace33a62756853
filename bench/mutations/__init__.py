"""Ways in which an answer goes wrong: each makes a false answer of a true one, or None where it cannot apply."""

from bench.mutations import raw, sense, shape  # noqa: F401 - each registers its own
from bench.mutations.registry import MUTATIONS, Mutation, MutationCase

__all__ = ["MUTATIONS", "Mutation", "MutationCase"]
