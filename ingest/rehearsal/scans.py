"""Addresses of scans, as the source signs them for a while: a rehearsal has none to show, so they lead nowhere."""

from datetime import datetime
from urllib.parse import urlencode

# A host that nobody can have (RFC 2606).
_HOST = "https://actas.rehearsal.invalid"


def signed_url(path: str, at: datetime, lives_s: int) -> str:
    """Where a scan could be fetched until so many seconds after `at` (UTC)."""
    signature = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": "REHEARSAL",
        "X-Amz-Date": f"{at:%Y%m%dT%H%M%SZ}",
        "X-Amz-Expires": lives_s,
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Signature": "REHEARSAL",
    }
    return f"{_HOST}/{path}?{urlencode(signature)}"
