"""Names of schools, however somebody writes them."""

import pytest

from geo.schools.agreement import agree
from geo.schools.names import read_name
from geo.schools.rules import load_rules


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IE 0123", "I.E. N° 123"),
        ("IE 171 01 JUAN VELASCO ALVARADO", "0171-1 Juan Velasco Alvarado"),
        ("IEI Nº 680", "Institución Educativa Inicial Nro. 680"),
        ("IEP SAN JOSE", 'I. E. P. "San José"'),
        ("IE 28 DE JULIO", "Veintiocho de Julio"),
        ("IE 1 DE MAYO", "I.E. Primero de Mayo"),
        ("IE JUAN PABLO II", "Juan Pablo Segundo"),
        ("IE 64866 - B - CCPP CAPAJERIATO", "64866-B"),
        ("IE 3094-1 J WILLIAM FULBRIGHT", "3094 - 1 James William Fulbright"),
        ("IE SEÑOR DE LOS MILAGROS", "Sr. de los Milagros"),
        ("IE DIEGO QUISPE TIT0", "Diego Quispe Tito"),
        ("IEP SALECIAN INNOVA (EX ALEXANDER GRAHAM BELL)", "Salecian Innova"),
        ("IE MANUEL GONZALES PRADA", "Manuel González Prada"),
        ("IE 20955-3", "20.955-3"),
        ("CETPRO CHIMBOTE", "C.E.T.P.R.O. Chimbote"),
    ],
)
def test_spellings_of_one_name_agree_without_a_doubt(one: str, other: str) -> None:
    rules = load_rules()
    for pair in ((one, other), (other, one)):
        agreement = agree(*map(read_name, pair), rules)
        assert agreement.doubts == ()
        assert agreement.score >= rules.score.exact


@pytest.mark.parametrize(
    ("one", "other", "doubt"),
    [
        ("IE SAN JOSE", "I.E.P. San José", "kind"),
        ("IE 86064 PEDRO PALACIOS - PRIMARIA", "86064 Pedro Palacios Secundaria", "level"),
        ("IE SAN PEDRO", "San Pedro - Anexo", "site"),
        ("IE SHUSHUNGA", "16325 Shushunga", "number"),
        ("IE 216", "I.E.I. 216", "number"),
        ("IE TUPAC AMARU", "Túpac Amaru II", "ordinal"),
        ("IE 10381 SAN JUAN", "10381 Ricardo Palma", "words"),
        ("IE MARIANO MELGAR", "Mariana Melgar", "spelling"),
    ],
)
def test_what_may_be_another_school_is_doubted(one: str, other: str, doubt: str) -> None:
    assert doubt in agree(read_name(one), read_name(other), load_rules()).doubts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("IE 0073 BENITO JUAREZ", "0071 Benito Juárez"),
        ("IE FE Y ALEGRIA 32", "Fe y Alegría 33"),
        ("IE 64172-B", "64172"),
    ],
)
def test_another_number_is_another_school(one: str, other: str) -> None:
    assert agree(read_name(one), read_name(other), load_rules()).score == 0
