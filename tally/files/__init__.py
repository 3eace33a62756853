"""Files of ours that people write: every fault by its place, and the elections that they are of."""
