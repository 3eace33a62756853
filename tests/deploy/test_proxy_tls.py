"""deploy/tls.conf and to_https.conf: who comes by TLS is answered and told to stay, everybody else is sent there."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from api.main import create_app
from tally.storage.store import Store
from tests.api.conftest import BASE, ELECTIONS, QUICK, served
from tests.api.country import Country
from tests.api.live.replicas import deployed, free_port, running_nginx

pytestmark = pytest.mark.nginx
_YEAR = "max-age=31536000"


def certify(folder: Path) -> None:
    """A certificate of this machine, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    certificate = builder.sign(key, hashes.SHA256())
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(key.private_bytes(*form))


class Encrypted:
    """A replica that knows that we are reached over TLS, and the proxy that ends it."""

    def __init__(self, store: Store, nginx: str, folder: Path, stack: ExitStack) -> None:
        Country(store)
        certify(folder)
        (folder / "site").mkdir()
        (folder / "site" / "index.html").write_text("the copy")
        (folder / "acme" / ".well-known" / "acme-challenge").mkdir(parents=True)
        (folder / "acme" / ".well-known" / "acme-challenge" / "token").write_text("proof")
        self.plain_port, self.port = free_port(), free_port()
        app = create_app(store, ELECTIONS, options=replace(QUICK, public_url=f"https://localhost:{self.port}"))
        self._replica = stack.enter_context(ExitStack())
        replica = self._replica.enter_context(served(app, trusted_proxies=["127.0.0.1"]))
        # The test asks over the addresses of this machine alone, which may have none of the newer kind.
        files = {
            "replicas.conf": deployed("replicas-by-address.conf", {"127.0.0.1:8001": replica}),
            "tls.conf": deployed(
                "tls.conf",
                {
                    "listen 443": f"listen 127.0.0.1:{self.port}",
                    "listen [::]:443 ssl http2 backlog=4096;": "",
                    "/etc/escrutinio/tls": f"{folder}",
                },
            ),
            "to_https.conf": deployed(
                "to_https.conf",
                {
                    "listen 80": f"listen 127.0.0.1:{self.plain_port}",
                    "listen [::]:80;": "",
                    "/var/lib/acme": f"{folder}/acme",
                },
            ),
        }
        self.inner = stack.enter_context(running_nginx(nginx, folder, files))
        self.context = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))

    def stop_replica(self) -> None:
        self._replica.close()

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"https://localhost:{self.port}{path}", verify=self.context)


@pytest.fixture
def encrypted(store: Store, nginx: str, tmp_path: Path) -> Iterator[Encrypted]:
    with ExitStack() as stack:
        yield Encrypted(store, nginx, tmp_path, stack)


def test_whoever_comes_by_tls_is_told_once_to_come_no_other_way_also_when_no_replica_answers(
    encrypted: Encrypted,
) -> None:
    def told(path: str) -> list[str]:
        return encrypted.get(path).headers.get_list("strict-transport-security")

    live = encrypted.get(f"{BASE}/state")
    assert (live.status_code, live.headers.get_list("strict-transport-security")) == (200, [_YEAR])
    assert told("/metrics") == [_YEAR]
    encrypted.stop_replica()
    copy = encrypted.get("/")
    assert (copy.status_code, copy.text, copy.headers["x-copy"]) == (200, "the copy", "frozen")
    assert told("/") == [_YEAR]
    for path in (f"{BASE}/areas/nation", "/timeline", "/embed/v1/map", "/cards/x", f"/?at={BASE}"):
        assert (encrypted.get(path).status_code, told(path)) == (503, [_YEAR]), path
    # TLS may end before this proxy, too: then whoever ends it says so.
    assert "strict-transport-security" not in httpx.get(f"http://{encrypted.inner}/").headers


def test_a_browser_and_the_proxy_speak_http_2(encrypted: Encrypted) -> None:
    encrypted.context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", encrypted.port)) as plain,
        encrypted.context.wrap_socket(plain, server_hostname="localhost") as spoken,
    ):
        assert (spoken.selected_alpn_protocol(), spoken.version()) == ("h2", "TLSv1.3")


def test_whoever_comes_without_tls_is_sent_there_and_certificates_can_be_had(encrypted: Encrypted) -> None:
    def ask(path: str) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{encrypted.plain_port}{path}", headers={"Host": "count.example"})

    sent = ask("/area/department/14?lang=en")
    assert (sent.status_code, sent.headers["location"]) == (301, "https://count.example/area/department/14?lang=en")
    assert ask("/.well-known/acme-challenge/token").text == "proof"
    assert ask("/.well-known/acme-challenge/other").status_code == 404
