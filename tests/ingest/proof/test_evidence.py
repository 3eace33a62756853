"""What an archive is read to hold: where its answers came from is told apart."""

from pathlib import Path

from ingest.archive import Archive, Attempt
from ingest.proof.evidence import gather


def test_answers_of_a_relay_or_of_recordings_are_counted_apart(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    for source in (None, None, "relay", "file"):
        sha256 = archive.keep(f"body of {source}".encode())
        at, size = "2026-06-08T00:00:00Z", len(f"body of {source}")
        archive.log(Attempt(at, "https://host.example/x", 200, 1, None, size, sha256, source=source))
    evidence = gather(tmp_path, (), lambda step, done, whole: None)
    assert evidence.hosts == {"host.example": 2, "host.example by relay": 1, "host.example by file": 1}
    assert (evidence.lines, evidence.objects, evidence.faults) == (4, 3, [])


def test_a_line_that_lies_about_its_object_is_named(tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    sha256 = archive.keep(b"body")
    archive.log(Attempt("2026-06-08T00:00:00Z", "https://host.example/x", 200, 1, None, 5, sha256))
    archive.log(Attempt("2026-06-08T00:00:00Z", "https://host.example/y", 200, 1, None, 4, sha256))
    archive.log(Attempt("2026-06-08T00:00:00Z", "https://host.example/z", 200, 1, None, 4, "0" * 64))
    faults = gather(tmp_path, (), lambda step, done, whole: None).faults
    assert [fault for fault in faults if "has 5 bytes in one line and 4 in another" in fault]
    assert [fault for fault in faults if "has 4 bytes, its log line says 5" in fault]
    assert [fault for fault in faults if f"object {'0' * 64} is missing" in fault]
    assert len(faults) == 3
