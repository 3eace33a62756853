"""Registers of schools as they come: columns, codes, encodings."""

import gzip
from pathlib import Path

import pytest

from geo.schools.register import School, read_register
from tally.errors import InvalidInput

# Lima has 14 in ONPE's code and 15 in INEI's; the point says which it is.
_LIMA = "-77.03,-12.05"


def read(folder: Path, text: str, mapping: str = "", encoding: str = "utf-8") -> list[School]:
    path, columns = folder / "register.csv", folder / "columns.toml"
    path.write_bytes(text.encode(encoding))
    columns.write_text(mapping, "utf-8")
    return read_register(path, columns)


def test_usual_columns_are_recognised_and_district_codes_told_by_where_the_points_lie(tmp_path: Path) -> None:
    inei = read(
        tmp_path, f"COD_MOD,CEN_EDU,D_NIV_MOD,CODGEO,NLONG_IE,NLAT_IE\n1,0086,Inicial - Jardín,150101,{_LIMA}\n"
    )
    onpe = read(
        tmp_path, f"COD_MOD,CEN_EDU,D_NIV_MOD,CODGEO,NLONG_IE,NLAT_IE\n1,0086,Inicial - Jardín,140101,{_LIMA}\n"
    )
    assert inei == onpe == [School(2, None, "1", "0086", "Inicial - Jardín", "140101", "", (-77.03, -12.05))]
    assert inei[0].read.levels == {"initial"}


def test_columns_may_be_named_and_districts_said_by_name(tmp_path: Path) -> None:
    text = 'Colegio;Dpto;Prov;Dist;Este;Norte\n"San José";LIMA;CAÑETE;San Luis;"-76,4";"-13,05"\n'
    mapping = 'name="Colegio"\ndepartment="Dpto"\nprovince="Prov"\ndistrict="Dist"\nlon="Este"\nlat="Norte"'
    (school,) = read(tmp_path, text, mapping, "cp1252")
    assert (school.name, school.ubigeo, school.point) == ("San José", "140413", (-76.4, -13.05))


@pytest.mark.parametrize("point", [",", "0,0", "x,y", "nan,nan", "-770.3,-12.05"])
def test_a_point_that_is_none_is_missing(tmp_path: Path, point: str) -> None:
    (school,) = read(tmp_path, f"name,ubigeo,lon,lat\nSan José,140101,{point}\n", 'codes="onpe"')
    assert school.point is None


def test_a_register_may_be_gzipped(tmp_path: Path) -> None:
    path = tmp_path / "register.csv.gz"
    path.write_bytes(gzip.compress(f"name,ubigeo,lon,lat\nSan José,150101,{_LIMA}\n".encode()))
    assert [school.ubigeo for school in read_register(path)] == ["140101"]


@pytest.mark.parametrize(
    ("text", "mapping", "sentence"),
    [
        ("", "", "no rows"),
        ("a,b\n1,2\n", "", "name, lon, lat"),
        ("name,lon,lat\nx,1,2\n", "", "ubigeo"),
        ("name,ubigeo,lon,lat\nx,140101,,\n", "", "inei"),
        (f"name,ubigeo,lon,lat\nx,140101,{_LIMA}\n", 'name="colegio"', "'colegio'"),
        (f"name,ubigeo,lon,lat\nx,140101,{_LIMA}\n", 'colour="red"', "colour"),
    ],
)
def test_what_is_no_register_is_refused_in_one_sentence(tmp_path: Path, text: str, mapping: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        read(tmp_path, text, mapping)
