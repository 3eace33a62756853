"""Bundles: any number of a count of either generation is proved, and whatever was altered in its proof is found."""

import base64
import hashlib
import inspect
import json
import random
import subprocess
import sys
import zlib
from contextlib import closing, suppress
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from api.commands.closing import standalone as closed
from api.commands.proof.prove import prove, proven_of
from bench.soaks.archive import make_evidence
from bench.soaks.browser_verifier import browser_steps, holds
from bench.soaks.proofs import flip_a_bit, keys_of, prover_of
from ingest.packs.packing import pack
from ingest.proof.bundles import standalone
from ingest.proof.bundles.bundle import Prover
from ingest.proof.bundles.sealed_log import SealedLog
from ingest.proof.bundles.standalone import check, write_canonical
from ingest.proof.inclusion import GrowingTree
from ingest.proof.keyring import public_keys
from ingest.proof.merkle import leaf_hash
from ingest.proof.notes import SignedHead, SignerKey
from ingest.registry import feed_of, known_elections
from tally.changes import Change, Kind
from tally.errors import ArchiveError, InvalidInput, NotFound
from tally.storage.store import Store

MOST_BYTES = 40_000
_LEVELS = ("mesa/", "district/", "place/")
ELECTIONS = {"onpe2021": "2021-06-06-president-runoff", "onpe2026": "2026-06-07-president-runoff"}


@pytest.fixture(scope="module", params=sorted(ELECTIONS))
def evidence(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    election = known_elections()[ELECTIONS[request.param]]
    return make_evidence(tmp_path_factory.mktemp(request.param) / "whole", 20, (3, 720), election)


@pytest.fixture(scope="module")
def bundles(evidence: Path) -> dict[str, bytes]:
    """Of every key."""
    with prover_of(evidence) as prove_key:
        return {key: prove_key(key) for key in keys_of(evidence)}


def test_every_number_is_proved_with_nothing_but_python(
    evidence: Path, bundles: dict[str, bytes], tmp_path: Path
) -> None:
    [key] = public_keys(evidence / "archive")
    for name, text in bundles.items():
        (tmp_path / name.replace("/", "-")).write_bytes(text)
    files = [name.replace("/", "-") for name in bundles]
    command = [sys.executable, "-I", "-S", standalone.__file__, "--key", str(key), *files]
    seen = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env={})
    assert (seen.returncode, seen.stderr) == (0, "")
    assert seen.stdout.endswith("All of it holds.\n")
    assert "nation is the sum of 4 parts; 4 of them are proved here" in seen.stdout
    assert "mesa/000001 of " in seen.stdout
    assert {len(text) for name, text in bundles.items() if name.startswith("mesa/") and len(text) > MOST_BYTES} == set()


def test_what_a_mesa_and_an_area_state_is_all_there_but_what_the_source_only_implies(bundles: dict[str, bytes]) -> None:
    acta, area = json.loads(bundles["mesa/000001"]), json.loads(bundles["district/140101"])
    votes = {name for name in acta["figures"] if name.startswith("votes/")}
    assert len(votes) == 2
    assert acta["figures"].keys() - votes == {
        "blank", "cast", "challenged", "null", "registered", "state", "valid",
    }  # fmt: skip
    assert acta["left_out"] == []
    assert area["figures"].keys() - votes == {
        "at_jee", "blank", "cast", "counted", "null", "pending", "total", "valid",
    }  # fmt: skip
    assert area["left_out"] == ["challenged"]
    assert [key for key, *_ in area["sum"]["parts"]] == ["mesa/000001", "mesa/000006", "mesa/000011", "mesa/000016"]


def test_a_flipped_bit_is_found_wherever_it_is(bundles: dict[str, bytes]) -> None:
    rng = random.Random(1)  # a thousand of them in `make soak`
    texts = rng.choices(list(bundles.values()), k=50)
    assert [text for text in texts if check([flip_a_bit(text, rng)])[1] == []] == []


def test_a_flipped_bit_is_found_also_if_the_checksum_was_made_anew(bundles: dict[str, bytes]) -> None:
    rng, tried = random.Random(2), 0
    mesas = [text for key, text in bundles.items() if key.startswith("mesa/")]
    while tried < 150:
        text = rng.choice(mesas)
        try:
            altered = json.loads(flip_a_bit(text, rng))
            del altered["sha256"]
            again = write_canonical(altered)
        except (ValueError, KeyError):
            continue
        tried += 1
        sealed = write_canonical({**altered, "sha256": hashlib.sha256(again).hexdigest()})
        assert check([sealed])[1] != [] or meaning(sealed) == meaning(text)


@pytest.mark.node
def test_the_browser_finds_every_number_proved_step_by_step(node: str, bundles: dict[str, bytes]) -> None:
    found = dict(zip(bundles, browser_steps(node, bundles.values()), strict=True))
    assert [key for key, steps in found.items() if not holds(steps)] == []
    said = [[step for step, _ in next(found[key] for key in found if key.startswith(level))] for level in _LEVELS]
    assert [steps[:3] for steps in said] == 3 * [["whole", "head", "line"]]
    ends = [[step for step in steps[3:] if step != "bytes"] for steps in said]
    assert ends == [["figures"], ["figures", "sum"], ["unstated", "sum"]]


@pytest.mark.node
def test_the_browser_says_of_whatever_was_altered_what_python_says(node: str, bundles: dict[str, bytes]) -> None:
    rng = random.Random(3)
    texts = [flip_a_bit(text, rng) for text in rng.choices(list(bundles.values()), k=100)]
    mesas = [text for key, text in bundles.items() if key.startswith("mesa/")]
    while len(texts) < 200:  # a flip that leaves no JSON says nothing of what it means
        with suppress(ValueError, KeyError):
            texts.append(_altered(write_canonical(json.loads(flip_a_bit(rng.choice(mesas), rng)))))
    mesa, district = bundles["mesa/000001"], bundles["district/140101"]
    whole, figures = json.loads(district)["sum"], json.loads(mesa)["figures"]
    texts += [
        _altered(mesa, figures={**figures, "blank": 6}),
        _altered(mesa, key="mesa/000002"),
        _altered(mesa, left_out=["blank"]),
        _altered(mesa, public_key=str(SignerKey.generate().verifier)),
        _altered(district, sum={**whole, "parts": whole["parts"][1:]}),
        _altered(district, sum={**whole, "parts": [*whole["parts"], whole["parts"][0]]}),
        _altered(district),
        b"{}\n",
        b"nonsense",
    ]
    python = [check([text])[1] == [] for text in texts]
    assert [holds(steps) for steps in browser_steps(node, texts)] == python
    assert not any(python[:100])


def forged(bundles: dict[str, bytes]) -> list[bytes]:
    """Bundles of genuine bytes under genuine seals that say of a figure, or of a key, what stands elsewhere in them."""
    made = []
    for key in ("mesa/000001", "department/14", "nation"):
        known = json.loads(bundles[key])
        for one, other in permutations(known["figures"], 2):
            told = json.loads(bundles[key])
            for source in told["sources"]:
                places = source["figures"]
                if one in places and other in places:
                    places[one] = places[other]
                    told["figures"][one] = told["figures"][other]
            if told != known:
                made.append(_altered(write_canonical(told)))
    acta, area = json.loads(bundles["mesa/000001"]), json.loads(bundles["district/140101"])
    # An answer about an acta ends with the number of its mesa, which may be that of a district.
    made.append(_altered(bundles["mesa/000001"], key="district/000001"))
    # Only some of what names an acta, or something else that has six digits.
    for source in acta["sources"]:
        source["named"] = dict(list(source["named"].items())[:1]) or {"TOTAL": 1}
    made.append(_altered(write_canonical(acta)))
    # Of all that was asked about an area, one row is not the area.
    for source in area["sources"]:
        row, name, _ = next(iter(source["figures"].values()))
        source["row"], source["figures"] = f"{source['row']}{row}/0", {"valid": ["", name, {}]}
    made.append(_altered(write_canonical(area)))
    return made


def test_what_is_forged_out_of_genuine_answers_is_found(bundles: dict[str, bytes]) -> None:
    texts = forged(bundles)
    assert len(texts) > 40
    assert [text for text in texts if check([text])[1] == []] == []


@pytest.mark.node
def test_the_browser_finds_the_same_forgeries(node: str, bundles: dict[str, bytes]) -> None:
    assert not any(map(holds, browser_steps(node, forged(bundles))))


def sealed_anew(bundle: dict[str, Any]) -> bytes:
    """A bundle whose log lines are all of an archive of somebody else."""
    leaves, tree, signer = [bundle["mark"], *bundle["sources"]], GrowingTree(), SignerKey.generate()
    for leaf in leaves:
        tree.append(leaf_hash(leaf["line"].encode()))
    for index, leaf in enumerate(leaves):
        leaf["index"] = index
        leaf["path"] = [base64.b64encode(step).decode() for step in tree.path(index, len(leaves))]
    size = len(leaves)
    bundle["head"] = signer.sign(SignedHead(signer.verifier.name, size, tree.root(size)))
    bundle["public_key"] = str(signer.verifier)
    return _altered(write_canonical(bundle))


@pytest.mark.node
def test_answers_about_two_races_are_no_proof(node: str, bundles: dict[str, bytes]) -> None:
    told = json.loads(bundles["nation"])
    whole = sealed_anew(told)
    if len(told["sources"]) > 1:  # one answer alone has one race
        told["sources"][1]["line"] = told["sources"][1]["line"].replace("idEleccion=10", "idEleccion=11")
        mixed = sealed_anew(told)
        assert "several races: 10, 11" in check([mixed])[1][0]
        assert [holds(steps) for steps in browser_steps(node, [whole, mixed])] == [True, False]
    assert check([whole])[1] == []


def test_bundles_of_two_counts_are_not_held_against_each_other(bundles: dict[str, bytes]) -> None:
    told = json.loads(bundles["mesa/000001"])
    told["mark"]["line"] = told["mark"]["line"].replace('"contest":"president"', '"contest":"senate"')
    held, wrong = check([bundles["district/140101"], sealed_anew(told)])
    assert wrong == []
    assert any("4 parts; 0 of them are proved here" in line for line in held)


def meaning(text: bytes) -> dict[str, Any]:
    """A bundle but for its checksum and for how its answers are packed: some bits of a packed stream mean nothing."""
    bundle = json.loads(text)
    for source in bundle["sources"]:
        source["body"] = zlib.decompress(base64.b64decode(source["body"])).decode()
    return {name: value for name, value in bundle.items() if name != "sha256"}


def _altered(text: bytes, **changed: Any) -> bytes:
    rest = {name: value for name, value in {**json.loads(text), **changed}.items() if name != "sha256"}
    return write_canonical({**rest, "sha256": hashlib.sha256(write_canonical(rest)).hexdigest()})


def test_another_figure_key_or_signer_is_named(bundles: dict[str, bytes]) -> None:
    text = bundles["mesa/000001"]
    figures = json.loads(text)["figures"]
    [wrong] = check([_altered(text, figures={**figures, "blank": 6})])[1]
    assert "'blank': 6" in wrong
    [wrong] = check([_altered(text, key="mesa/000002")])[1]
    assert "is a question about something else" in wrong
    [wrong] = check([text], [str(SignerKey.generate().verifier)])[1]
    assert "names another key than yours" in wrong
    [wrong] = check([_altered(text, public_key=str(SignerKey.generate().verifier))])[1]
    assert "is not signed by" in wrong
    assert check([b"{}\n", b"nonsense"])[0] == []


def test_a_sum_that_is_not_its_parts_or_whose_part_is_another_is_named(bundles: dict[str, bytes]) -> None:
    text = bundles["district/140101"]
    whole = json.loads(text)["sum"]
    column = whole["columns"].index("blank") + 1
    first, second, *rest = whole["parts"]
    first[column], second[column] = first[column] + 1, second[column] - 1
    moved = _altered(text, sum={**whole, "parts": [first, second, *rest]})
    assert check([moved])[1] == []  # only the mesas' own bundles tell
    [wrong] = check([moved, bundles[first[0]]])[1]
    assert f"blank of {first[0]} is another" in wrong
    [wrong] = check([_altered(text, sum={**whole, "parts": [second, *rest]})])[1]
    assert "its parts add up to" in wrong


def test_an_earlier_moment_is_proved_as_it_was(evidence: Path, bundles: dict[str, bytes], tmp_path: Path) -> None:
    with closing(Store.open(f"sqlite:///{evidence / 'count.db'}")) as store:
        [info] = store.counts()
        values = [entry for entry in store.history(info.id, "nation") if b'"published":{' in entry.change.data]
        sealed = json.loads(json.loads(bundles["nation"])["mark"]["line"])["mark"]["seq"]
        early = next(entry for entry in values if entry.seq < sealed)
    options = {"database": f"sqlite:///{evidence / 'count.db'}", "archive": evidence / "archive"}
    prove("nation", tmp_path / "then", early.at, election=None, contest=None, verifier=tmp_path / "prove.py", **options)
    text = (tmp_path / "then").read_bytes()
    assert check([text])[1] == []
    assert json.loads(text)["figures"]["counted"] == json.loads(early.change.data)["published"]["counted"]
    assert json.loads(text)["figures"] != json.loads(bundles["nation"])["figures"]
    assert (tmp_path / "prove.py").read_text() == inspect.getsource(standalone)


def test_what_is_no_key_is_not_there_or_has_no_archive_is_said(evidence: Path, tmp_path: Path) -> None:
    options = {"database": f"sqlite:///{evidence / 'count.db'}", "archive": evidence / "archive"}
    rest = {"at": None, "election": None, "contest": None, "verifier": None}
    with pytest.raises(InvalidInput, match="is no area, polling place or mesa"):
        prove("mesa/1", tmp_path / "out", **rest, **options)
    with pytest.raises(NotFound, match="has no value yet"):
        prove("mesa/999999", tmp_path / "out", **rest, **options)
    with pytest.raises(NotFound, match="nothing was published by then"):
        prove("nation", tmp_path / "out", **{**rest, "at": "2020-01-01T00:00:00Z"}, **options)
    with pytest.raises(ArchiveError, match="there is no archive"):
        prove("nation", tmp_path / "out", **rest, **{**options, "archive": tmp_path})


def test_a_packed_archive_proves_the_same(evidence: Path, bundles: dict[str, bytes]) -> None:
    pack(evidence / "archive")
    with prover_of(evidence) as prove_key:
        assert {key: prove_key(key) for key in ("mesa/000007", "nation")}.items() <= bundles.items()


def test_a_number_that_the_archive_does_not_prove_gets_no_bundle(evidence: Path) -> None:
    with closing(Store.open(f"sqlite:///{evidence / 'count.db'}")) as store:
        [info] = store.counts()
        feed, contest, _ = feed_of(info)
        proven = proven_of(store, info, "mesa/000001", store.version(info.id))
        data = json.loads(proven.history[-1].change.data)
        data["blank"] += 1
        change = Change("mesa/000001", Kind.UPDATE, json.dumps(data).encode(), None)
        falsified = [*proven.history, type(proven.history[-1])(proven.history[-1].seq, "", change)]
        prover = Prover(SealedLog(evidence / "archive"), feed, contest, info)
        with pytest.raises(ArchiveError, match="no answer in the archive states what mesa/000001 is shown as"):
            prover.prove(type(proven)("mesa/000001", falsified))


@pytest.mark.parametrize("name", ["is_signed", "add", "multiply", "decompress"])
def test_both_standalone_verifiers_have_the_same_ed25519(name: str) -> None:
    ours, theirs = (inspect.getsource(getattr(module, f"_{name}")) for module in (standalone, closed))
    assert ours == theirs


def test_both_standalone_verifiers_have_the_same_curve_and_fit_on_a_few_pages() -> None:
    for name in ("_P", "_D", "_ROOT", "_ORDER"):
        assert getattr(standalone, name) == getattr(closed, name)
    assert len(inspect.getsource(standalone).splitlines()) <= 300
