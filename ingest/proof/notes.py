"""Signed checkpoints: the size and root of a tree in a few lines of text that anybody can keep, mail or print.

Pure. A checkpoint is an origin, a size and a root; a signed note is that text, a blank line and Ed25519 signatures.
Keys are written as Go's `sumdb/note` writes them, so that its tools and other people's witnesses read ours.

Source: C2SP tlog-checkpoint and signed-note, https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from tally.errors import ArchiveError, InvalidInput

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class SignedHead(Struct, frozen=True):
    """One state of a tree: `root` of its first `size` leaves. `origin` names whose tree it is."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class VerifierKey:
    """A public key with its name: what is needed to check a note."""

    def __init__(self, name: str, public: bytes) -> None:
        self.name = name
        self.id = hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]
        self._public = public

    @classmethod
    def parse(cls, text: str) -> "VerifierKey":
        """A key from its text, "name+id+base64".

        Raises: InvalidInput.
        """
        name, public = _split_key(text.strip())
        key = cls(name, public)
        if str(key) != text.strip():
            raise InvalidInput(f"the public key {text.strip()[:80]!r} is damaged: its parts do not belong together")
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self._public).decode()}"

    def is_signed(self, text: str, signature: bytes) -> bool:
        """Whether the signature is this key's for that text."""
        try:
            Ed25519PublicKey.from_public_bytes(self._public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


def key_id(key: str) -> str:
    """Name and hash of a public key, without the key itself: "escrutinio/1a2b3c4d+5e6f7a8b"."""
    return key.rpartition("+")[0]


class SignerKey:
    """A private key with its name: what is needed to sign a note."""

    def __init__(self, name: str, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.verifier = VerifierKey(name, private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> "SignerKey":
        """A new key, named after itself."""
        private = Ed25519PrivateKey.generate()
        return cls(f"escrutinio/{hashlib.sha256(private.public_key().public_bytes_raw()).hexdigest()[:8]}", private)

    @classmethod
    def parse(cls, text: str) -> "SignerKey":
        """A key from its text, "PRIVATE+KEY+name+id+base64"; no message repeats it.

        Raises: InvalidInput.
        """
        if not text.strip().startswith(_PRIVATE):
            raise InvalidInput("the archive's key is not a signing key; it begins with PRIVATE+KEY+")
        name, seed = _split_key(text.strip().removeprefix(_PRIVATE), is_secret=True)
        return cls(name, Ed25519PrivateKey.from_private_bytes(seed))

    def text(self) -> str:
        """The key as it is kept: secret."""
        seed = base64.b64encode(_ED25519 + self._private.private_bytes_raw()).decode()
        return f"{_PRIVATE}{self.verifier.name}+{self.verifier.id.hex()}+{seed}"

    def sign(self, checkpoint: SignedHead) -> str:
        """The signed note of a checkpoint."""
        text = checkpoint.text()
        signature = base64.b64encode(self.verifier.id + self._private.sign(text.encode())).decode()
        return f"{text}\n— {self.verifier.name} {signature}\n"


def open_note(note: str, keys: Sequence[VerifierKey]) -> SignedHead:
    """The checkpoint of a note that at least one of the keys has signed.

    Raises: ArchiveError: none has, a signature is wrong, or it is not a checkpoint.
    """
    text, _, signatures = note.rpartition("\n\n")
    checkpoint, is_signed = read_checkpoint(note), False
    for line in signatures.removesuffix("\n").split("\n"):
        name, signature = _split_signature(line)
        for key in keys:
            if (key.name, key.id) == (name, signature[:4]):
                if not key.is_signed(f"{text}\n", signature[4:]):
                    raise ArchiveError(f"the signature of {name} under head {checkpoint.size} is wrong")
                is_signed = True
    if not is_signed:
        raise ArchiveError(f"head {checkpoint.size} is not signed by {' or '.join(key.name for key in keys)}")
    return checkpoint


def read_checkpoint(note: str) -> SignedHead:
    """The checkpoint of a note, its signatures unchecked.

    Raises: ArchiveError: it is not a signed checkpoint.
    """
    text, parting, signatures = note.rpartition("\n\n")
    lines = text.split("\n")
    if not parting or not signatures.startswith("— ") or not signatures.endswith("\n") or len(lines) < 3:
        raise ArchiveError("a head is not a signed note: text, an empty line, signatures")
    root = _decode(lines[2])
    if not lines[0] or not _SIZE.fullmatch(lines[1]) or root is None or len(root) != 32:
        raise ArchiveError("a head is not a checkpoint: origin, size, root")
    return SignedHead(lines[0], int(lines[1]), root)


def _split_signature(line: str) -> tuple[str, bytes]:
    dash, name, encoded = (*line.split(" "), "", "")[:3]
    signature = _decode(encoded)
    if dash != "—" or not name or signature is None or len(signature) < 5 or line.count(" ") != 2:
        raise ArchiveError("a head has a line among its signatures that is none")
    return name, signature


def _split_key(text: str, *, is_secret: bool = False) -> tuple[str, bytes]:
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    data = _decode(encoded)
    if not name or " " in name or len(key_id) != 8 or data is None or len(data) != 33 or data[:1] != _ED25519:
        shown = "the archive's key" if is_secret else f"the public key {text[:80]!r}"
        raise InvalidInput(f"{shown} is not one; its parts are name+id+base64 (Ed25519)")
    return name, data[1:]


def _decode(text: str) -> bytes | None:
    """Bytes of base64 in its one canonical spelling: the last character's spare bits count too."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None
