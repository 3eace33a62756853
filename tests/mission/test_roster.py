"""The roster: whatever a spreadsheet made of it, every fault by line and column, entered at once, and only once."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from mission.incidents.casebook import Casebook
from mission.people.accounts import Account, find_account, list_accounts, revoke_account
from mission.people.auditlog import COMMAND_LINE, read_log
from mission.people.contacts import Contact, read_contacts, sender_key
from mission.people.devices import invite_many
from mission.people.roles import Role
from mission.people.roster.entering import Rooms, RosterOrder, enter_roster, preview_roster
from mission.people.roster.format import Field, load_format, read_roster
from mission.people.roster.planning import Desk, PhonesAfter, RosterPlan, Whereabouts, plan_roster
from mission.people.teams import Membership, team_journals
from mission.spreadsheet import Near
from mission.stations import posted
from tally.errors import Conflict, InvalidInput
from tally.storage.database import transaction
from tests.mission.people import NOW, add

HEAD = "código;nombre;rol;equipo;jefe;teléfono;local;etiquetas"
ANA = "T1;Ana Quispe;observador;Norte;sí;987 654 321;0001;quechua, moto"
LUIS = "T2;Luis Ñahui;;Norte;;;0002;"
IN_ENGLISH = b"""id,name,role,team,lead,phone,place,tags
T1,Ana Quispe,observer,Norte,yes,987654321,0001,"Quechua,moto"
"""
PLACES = {"0001": "140101", "0002": "140102", "0003": "240101"}


def locate(said: Mapping[Field, str]) -> Whereabouts:
    """Places by their codes; "I.E. 1" may be one of two."""
    [(field, text)] = said.items()
    if text in PLACES:
        return Whereabouts(f"place/{text}", PLACES[text])
    near = (Near("place/0001", "I.E. 1"), Near("place/0002", "I.E. 1")) if text == "I.E. 1" else ()
    return Whereabouts(field=field, near=near)


DESK = Desk(locate, may_add_verifiers=False, key=sender_key("an address key of the tests"))


def file(*lines: str, head: str = HEAD) -> bytes:
    return "\r\n".join((head, *lines)).encode()


def plan(data: bytes, desk: Desk = DESK) -> RosterPlan:
    return plan_roster(read_roster(data), (), desk)


def faults(*lines: str, head: str = HEAD, desk: Desk = DESK) -> list[tuple[int, str | None, str]]:
    return [(one.line, one.column, one.kind) for one in plan(file(*lines, head=head), desk).faults]


@pytest.mark.parametrize(
    ("data", "encoding", "separator"),
    [
        (file(ANA), "utf-8", ";"),
        (b"\xef\xbb\xbf" + file(ANA), "utf-8", ";"),
        ("\n".join((HEAD, ANA)).encode("cp1252"), "windows-1252", ";"),
        ("\n".join((HEAD, ANA)).replace(";", "\t").encode("utf-16"), "utf-16", "\t"),
        (IN_ENGLISH, "utf-8", ","),
        (file(ANA.replace("a Q", "a\u00a0Q").replace("987654321", "987\u202f654\u202f321")), "utf-8", ";"),
    ],
    ids=["utf-8", "with its mark", "windows", "utf-16 with tabs", "english with commas", "copied from a page"],
)  # fmt: skip
def test_a_roster_is_read_as_spreadsheets_write_it(data: bytes, encoding: str, separator: str) -> None:
    sheet = read_roster(data)
    assert (sheet.encoding, sheet.separator) == (encoding, separator)
    [one] = plan(data).people
    assert (one.contact.name, one.contact.phone, one.contact.reference) == ("Ana Quispe", "+51987654321", "T1")
    assert one.membership == Membership("Norte", is_lead=True, tags=("quechua", "moto"))
    assert one.station == Whereabouts("place/0001", "140101")
    assert (one.line, one.role, one.standing) == (2, Role.OBSERVER, "new")


@pytest.mark.parametrize(
    ("line", "column", "kind"),
    [
        ("T1;Ana;jefazo;;;;;", "rol", "role_unknown"),
        ("T1;Ana;coordinadora;;;;;", "rol", "role_too_high"),
        ("T1;Ana;verificadora;;;;;", "rol", "role_for_admin"),
        ("T1;Ana;;Norte;tal vez;;;", "jefe", "lead_unknown"),
        ("T1;Ana;;;sí;;;", "jefe", "lead_of_nothing"),
        ("T1;Ana;;;;9.87654E+08;;", "teléfono", "phone_wrong"),
        ("T1;Ana;;;;９８７６５４３２１;;", "teléfono", "phone_wrong"),
        ("T1;Ana;;;;;9999;", "local", "place_unknown"),
        ("T1;Ana;;;;;I.E. 1;", "local", "place_unclear"),
        ("T1;Ana;;;;;;" + " ".join(f"t{n}" for n in range(11)), "etiquetas", "tags_many"),
        ("T1;Ana;;;;;;" + "t" * 31, "etiquetas", "long"),
        ("T1;" + "a" * 121 + ";;;;;;", "nombre", "long"),
        ("T1;An\x07a;;;;;;", "nombre", "letters"),
        (";;observador;Norte;;;;", None, "nobody"),
        ("T1;Ana;;;;;;;sobra", None, "ragged"),
    ],
)
def test_each_fault_is_named_by_line_and_column(line: str, column: str | None, kind: str) -> None:
    assert faults(LUIS, line) == [(3, column, kind)]


@pytest.mark.parametrize(
    ("data", "line", "kind"),
    [
        (b"", 1, "head"),
        (b"rol;equipo\nobservador;Norte", 1, "head"),
        (b"\n\nsin;cabeza\nAna;Norte", 3, "head"),
        (b"nombre;name\nAna;Ana", 1, "head_twice"),
        (b'nombre;rol\n"Ana;observador', 1, "unreadable"),
        (b"nombre\n" + b"\n".join(b"Ana %d" % n for n in range(5001)), 5002, "lines"),
    ],
    ids=["empty", "nobody is named", "no head", "a column twice", "an open quote", "too long"],
)
def test_a_file_that_is_no_roster_says_why(data: bytes, line: int, kind: str) -> None:
    found = plan(data)
    assert [(one.line, one.kind) for one in found.faults] == [(line, kind)]
    assert found.people == ()


def test_lines_that_are_about_the_same_person_name_each_other() -> None:
    told = plan(
        file(
            "T1;Ana;;;;;;",
            ";Eva;;;;987654321;;",
            "T1;Otra;;;;;;",
            ";Iris;;;;+51 987654321;;",
            ";Leo;;;;;;",
            ";LEO;;;;;;",
        )
    )
    assert [(one.line, one.column, one.kind, one.other) for one in told.faults] == [
        (4, "código", "repeated", 2), (5, "teléfono", "repeated", 3), (7, "nombre", "repeated", 6),
    ]  # fmt: skip
    assert len(told.people) == 3


def test_places_that_may_be_meant_are_offered() -> None:
    [fault] = plan(file("T1;Ana;;;;;I.E. 1;")).faults
    assert [one.key for one in fault.near] == ["place/0001", "place/0002"]


def test_an_admin_may_add_verifiers_and_nobody_anybody_higher() -> None:
    desk = Desk(locate, may_add_verifiers=True, key=None)
    assert faults("T1;Vera;verificadora;;;;;", "T2;Root;admin;;;;;", desk=desk) == [(3, "rol", "role_too_high")]


@pytest.mark.parametrize("told", ["sep=;", "SEP=;\r", '"sep=;"', "sep=,"])
def test_a_line_that_says_the_separator_is_no_head_and_lines_keep_their_numbers(told: str) -> None:
    found = plan(f"{told}\n{HEAD}\n{ANA}\nT1;Otra;;;;;;".encode())
    assert [(one.line, one.kind, one.other) for one in found.faults] == [(4, "repeated", 3)]


def test_columns_that_nobody_reads_are_told() -> None:
    assert read_roster(b"nombre,DNI,talla\nAna,1,M").ignored == ("DNI", "talla")


@settings(max_examples=150, deadline=None)
@given(data=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: file(text, LUIS))))
def test_any_bytes_make_a_plan_or_faults(data: bytes) -> None:
    found = plan(data)
    assert found.faults or all(one.contact.name or one.contact.reference or one.contact.phone for one in found.people)


class Office:
    """Somebody who enters rosters."""

    def __init__(self, engine: Engine, desk: Desk = DESK) -> None:
        add(engine, "carla", Role.COORDINATOR)
        self.engine, self.desk, self.by = engine, desk, find_account(engine, "carla")
        self.rooms = Rooms(engine, team_journals(engine).of("e"), Casebook(engine, "e"))

    def preview(self, *lines: str) -> RosterPlan:
        return preview_roster(self.rooms, read_roster(file(*lines)), self.desk)

    def enter(self, *lines: str, without_faulty: bool = False) -> RosterPlan:
        order = RosterOrder(read_roster(file(*lines)), self.desk, self.preview(*lines).digest, without_faulty)
        return enter_roster(self.rooms, order, self.by, NOW)

    def people(self) -> dict[str, tuple[Contact, Account]]:
        """Everybody a roster named, by name."""
        with transaction(self.engine) as connection:
            kept = read_contacts(connection)
        return {kept[one.id].name or "": (kept[one.id], one) for one in list_accounts(self.engine) if one.id in kept}

    def everything(self) -> object:
        """All that entering could change."""
        return self.people(), self.rooms.journal.read(), self.rooms.casebook.read().seq, len(read_log(self.engine))


def standings(plan: RosterPlan) -> list[str]:
    return [one.standing for one in plan.people]


def test_a_roster_makes_accounts_contacts_teams_and_assignments_and_the_same_again_nothing(engine: Engine) -> None:
    office = Office(engine)
    assert standings(office.enter(ANA, LUIS)) == ["new", "new"]
    contact, ana = office.people()["Ana Quispe"]
    assert (ana.role, ana.has_password, ana.name[:9]) == (Role.OBSERVER, False, "observer-")
    assert (contact.phone, contact.sender is not None) == ("+51987654321", True)
    teams = office.rooms.journal.read()
    assert teams.members("Norte")[0] == ana.pseudonym
    assert {one.key for one in posted(office.rooms.casebook.read().postings).values()} == {"place/0001", "place/0002"}
    before = office.everything()
    assert standings(office.enter(ANA, LUIS)) == ["unchanged", "unchanged"]
    assert office.everything() == before


def test_a_number_that_ended_comes_back_with_the_column_alone_and_that_is_counted_before_it_is_entered(
    engine: Engine,
) -> None:
    office = Office(engine)
    office.enter("T1;Ana;;;;987654321;;", "T2;Luis;;;;912345678;;")
    _, ana = office.people()["Ana"]
    invite_many(engine, [ana.pseudonym], COMMAND_LINE, NOW, ends_devices=True)
    without = b"c\xc3\xb3digo;equipo\nT1;Norte\nT2;Norte\nT3;Norte"
    seen = preview_roster(office.rooms, read_roster(without), DESK)
    assert seen.phones == PhonesAfter(known=1, missing=2, given=0, taken=0)
    assert enter_roster(office.rooms, RosterOrder(read_roster(without), DESK, seen.digest), office.by, NOW) == seen
    assert office.people()["Ana"][0].phone is None
    assert office.preview("T1;Ana;;;;;;", "T2;Luis;;;;-;;").phones == PhonesAfter(0, 2, 0, 1)
    lines = ("T1;Ana;;;;987654321;;", "T2;Luis;;;;912345679;;", "T4;Eva;;;;912345670;;")
    assert office.preview(*lines).phones == PhonesAfter(3, 0, 1, 0)
    assert office.enter(*lines).phones == PhonesAfter(3, 0, 1, 0)
    assert office.people()["Ana"][0].sender is not None


def test_only_what_a_line_says_is_changed_and_who_is_left_out_stays(engine: Engine) -> None:
    office = Office(engine)
    office.enter(ANA, LUIS)
    seen = office.preview("T1;Ana Quispe Rojas;;;no;-;0003;")
    assert ([one.changes for one in seen.people], seen.absent) == ([("name", "phone", "is_lead", "place")], 1)
    office.enter("T1;Ana Quispe Rojas;;;no;-;0003;")
    contact, ana = office.people()["Ana Quispe Rojas"]
    assert contact.phone is contact.sender is None
    assert office.rooms.journal.read().of(ana.pseudonym) == Membership("Norte", tags=("quechua", "moto"))
    assert posted(office.rooms.casebook.read().postings)[ana.pseudonym].key == "place/0003"
    assert "Luis Ñahui" in office.people()


def test_somebody_is_known_by_number_and_by_a_name_only_one_has(engine: Engine) -> None:
    office = Office(engine)
    office.enter(";Ana;;;;987654321;;", ";Luis;;;;;;")
    assert standings(office.preview(";Ana María;;;;987654321;;", ";LUIS;;Sur;;;;")) == ["changed", "changed"]
    assert standings(office.preview("T9;Ana;;;;912345678;;")) == ["changed"]
    office.enter("T9;Ana;;;;987654321;;", ";Ana;;;;955555555;;")
    [fault] = office.preview(";Ana;;;;944444444;;").faults
    assert (fault.kind, fault.column) == ("name_of_several", "nombre")
    [fault] = office.preview("T8;Eva;;;;987654321;;").faults
    assert (fault.kind, fault.column) == ("phone_taken", "teléfono")


def test_nothing_is_entered_while_a_line_is_at_fault_unless_it_is_to_be_left_out(engine: Engine) -> None:
    office = Office(engine)
    before = office.everything()
    with pytest.raises(InvalidInput, match="1 lines are at fault"):
        office.enter(ANA, "T2;Luis;;;;;9999;")
    assert office.everything() == before
    assert standings(office.enter(ANA, "T2;Luis;;;;;9999;", without_faulty=True)) == ["new"]
    assert list(office.people()) == ["Ana Quispe"]


def test_what_was_not_seen_is_not_entered(engine: Engine) -> None:
    office = Office(engine)
    seen = office.preview(ANA)
    office.enter(LUIS)
    office.enter(ANA)
    with pytest.raises(Conflict):
        enter_roster(office.rooms, RosterOrder(read_roster(file(ANA)), DESK, seen.digest), office.by, NOW)


def test_whose_account_ended_comes_back_by_no_roster(engine: Engine) -> None:
    office = Office(engine)
    office.enter(ANA)
    revoke_account(engine, office.people()["Ana Quispe"][1].name, COMMAND_LINE, NOW)
    assert [one.kind for one in office.preview(ANA).faults] == ["revoked"]


def test_a_full_roster_is_entered_as_one(engine: Engine) -> None:
    office, most = Office(engine), load_format().limits.most_lines // 10
    lines = [f"T{n};Persona {n};;Equipo {n % 8};;9{n:08};000{1 + n % 3};" for n in range(most)]
    assert len(office.enter(*lines).people) == len(office.people()) == most
    assert len({one.pseudonym for _, one in office.people().values()}) == most


def test_the_number_of_whoever_was_revoked_is_free_and_no_roster_brings_them_back(
    engine: Engine,
) -> None:
    office = Office(engine)
    office.enter("T1;Ana;;;;987654321;;")
    _, ana = office.people()["Ana"]
    revoke_account(engine, ana.name, COMMAND_LINE, NOW)
    assert standings(office.enter("T2;Eva;;;;987654321;;")) == ["new"]
    assert office.people()["Eva"][0].phone == "+51987654321"
    [fault] = office.preview("T1;Ana;;;;;;").faults
    assert fault.kind == "revoked"


def test_a_hyphen_names_nobody_and_takes_a_reference_away(engine: Engine) -> None:
    office = Office(engine)
    office.enter("T1;Ana;;;;987654321;;")
    assert standings(office.enter("-;Ana;;;;987654321;;")) == ["changed"]
    assert office.people()["Ana"][0].reference is None
    assert faults("-;Eva;;;;912345678;;", "-;Luz;;;;912345679;;") == []
    assert faults("-;-;;;;;;") == [(2, None, "nobody")]
