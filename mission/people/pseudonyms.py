"""Pseudonyms: what others read instead of a name. Drawn by chance, so that nothing of the person is in them."""

import secrets

# Birds of Peru: easy to say over a telephone.
_BIRDS = (
    "ave-fragata", "bandurria", "batará", "cernícalo", "chirote", "cóndor", "cormorán", "cortarramas", "cucarachero",
    "fío-fío", "flamenco", "gallareta", "garza", "gaviota", "golondrina", "guacamayo", "guanay", "halcón", "hornero",
    "huanchaco", "ibis", "jilguero", "lechuza", "loro", "martín-pescador", "mirlo", "oropéndola", "paloma", "parihuana",
    "pato", "pelícano", "perdiz", "picaflor", "pingüino", "piquero", "playero", "quetzal", "tangara", "tucán",
    "turtupilín", "urraca", "vencejo", "zarcillo", "zambullidor", "zorzal",
)  # fmt: skip


def draw_pseudonym() -> str:
    """A bird and three digits: 45,000 of them; whoever keeps them sees to it that none is given twice."""
    return f"{secrets.choice(_BIRDS)}-{secrets.randbelow(1000):03}"
