"""Why an acta is observed: the source's sentences, of 2021 and 2026, in the field's words."""

import pytest

from tally.observations import REASONS, reasons_of


@pytest.mark.parametrize(
    ("sentence", "reasons"),
    [
        ("ERROR MATERIAL", ("material_error",)),
        ("Acta con error aritmético, Acta con error aritmético, Acta ilegible", ("material_error", "illegible")),
        ("VOTOS IMPUGNADOS", ("challenged_votes",)),
        ("Acta impugnada, Acta con error aritmético", ("material_error", "challenged_votes")),
        ("ACTA SIN FIRMAS", ("no_signatures",)),
        ("Acta incompleta, Acta sin firmas, Acta sin datos", ("incomplete", "no_data", "no_signatures")),
        ("SOLICITUD DE NULIDAD", ("annulment_request",)),
        ("ILEGIBILIDAD", ("illegible",)),
        ("Acta extraviada", ("lost",)),
        ("ACTA SINIESTRADA", ("destroyed",)),
        ("OTRAS OBSERVACIONES", ("other",)),
        ("algo nunca visto", ("other",)),
        ("", ("unstated",)),
        (None, ("unstated",)),
    ],
)
def test_a_sentence_names_its_reasons_once_each(sentence: str | None, reasons: tuple[str, ...]) -> None:
    assert reasons_of(sentence) == reasons
    assert set(reasons) <= set(REASONS)
