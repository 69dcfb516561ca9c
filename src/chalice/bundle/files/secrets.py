"""What must not reach a package by accident: it is told by its name, or by a private key inside.

A secret stops the command: leaving it out without a word could break the application, shipping it
could cost more. The user says which it is, in `package.exclude` or in `package.secrets`.
Certificates are public; so a bundle of them, as certifi's `cacert.pem`, is none.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: The reason in reports.
REASON = "secret"

PRIVATE_KEY = "a private key"

_FOLDERS = {
    ".aws": "credentials of AWS",
    ".ssh": "keys of SSH",
    ".gnupg": "keys of GnuPG",
    ".azure": "credentials of Azure",
    ".kube": "credentials of Kubernetes",
}

# The names under which programs keep secrets, in lower case.
# Source: the documentation of each program; github/gitignore for `.env` and `*.tfstate`.
_FILES = (
    (re.compile(r"\.env(?:\..*)?|\.envrc|\.flaskenv"), "settings of an environment"),
    (re.compile(r"[._]netrc|\.git-credentials|\.pgpass|\.my\.cnf|\.htpasswd"), "passwords"),
    (re.compile(r"\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.dockercfg"), "credentials of a registry"),
    (re.compile(r".*\.tfstate(?:\..*)?"), "a state of Terraform"),
    (re.compile(r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.*\.ppk"), "a key of SSH"),
    (re.compile(r".*\.(?:p12|pfx|jks|keystore|kdbx?)"), "a store of keys"),
)
_KEY_FILE = ".key"

_MARK = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_END = b"-----END"
# After the mark may stand line ends (as such, or escaped as in JSON), quotes, and headers
# (RFC 1421: `Proc-Type`, `DEK-Info`); source code that only knows the mark has no such line.
_HEADERS_BYTES = 400
_KEY_LINE = re.compile(rb"[A-Za-z0-9+/]{40,}")

# What may be cut by the end of a piece: the mark, the headers and a line.
_OVERLAP_BYTES = 1024


def secret_folder(name: str) -> str | None:
    """Return what a folder of this name keeps secret, or None.

    >>> secret_folder(".aws"), secret_folder("aws")
    ('credentials of AWS', None)
    """
    return _FOLDERS.get(name.lower())


def secret_by_name(name: str) -> str | None:
    """Return what a file of this name keeps secret, or None.

    >>> secret_by_name(".env.production"), secret_by_name("cacert.pem")
    ('settings of an environment', None)
    """
    lower = name.lower()
    return next((what for pattern, what in _FILES if pattern.fullmatch(lower)), None)


def secret_in(name: str, pieces: Iterable[bytes]) -> str | None:
    """Return what a file keeps secret by what is in it, or None.

    Args:
        name: the file's name: one that ends in `.key` is a key unless it shows a public one.
        pieces: its content, read to the end.
    """
    before = b""
    public = private = False
    for piece in pieces:
        window = before + piece
        private = private or holds_private_key(window)
        public = public or b"PUBLIC KEY-----" in window or b"CERTIFICATE-----" in window
        before = window[-_OVERLAP_BYTES:]
    by_name = name.lower().endswith(_KEY_FILE) and before != b"" and not public
    return PRIVATE_KEY if private or by_name else None


def holds_private_key(data: bytes) -> bool:
    """Return whether a private key in PEM is in *data*, on its own or inside something else."""
    if b"PRIVATE KEY" not in data:
        return False
    return any(
        _KEY_LINE.search(
            data[mark.end() : mark.end() + _HEADERS_BYTES].partition(_END)[0].replace(rb"\n", b"\n")
        )
        for mark in _MARK.finditer(data)
    )
