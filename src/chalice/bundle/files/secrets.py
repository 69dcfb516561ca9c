"""What must not reach a package by accident: it is told by its name, or by what is in it.

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
    ".docker": "credentials of a registry",
}
# As the folders in which settings for several environments are kept.
_ENVIRONMENTS = re.compile(r"\.envs?(?:[-._].*)?")

# The names under which programs keep secrets, in lower case.
# Source: the documentation of each program; github/gitignore for `.env`, `*.tfstate`, `*.tfvars`.
_FILES = (
    (
        re.compile(r"\.env(?:s?\d*|[-._].*)|\.envrc|\.flaskenv|[^.].*\.env"),
        "settings of an environment",
    ),
    (re.compile(r"[._]netrc|\.git-credentials|\.pgpass|\.my\.cnf|\.htpasswd"), "passwords"),
    (re.compile(r"\.npmrc|\.yarnrc(?:\.yml)?|\.pypirc|\.dockercfg"), "credentials of a registry"),
    (re.compile(r"application_default_credentials\.json|\.boto|\.s3cfg"), "credentials of a cloud"),
    (re.compile(r".*\.tfstate(?:\..*)?"), "a state of Terraform"),
    (re.compile(r".*\.tfvars(?:\.json)?"), "variables of Terraform"),
    (re.compile(r"\.[a-z_]+_history"), "a history of commands"),
    (re.compile(r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|.*\.ppk"), "a key of SSH"),
    (re.compile(r".*\.(?:p12|pfx|jks|keystore|kdbx?)"), "a store of keys"),
)
# What is put behind the name of a copy.
_COPY = re.compile(r"[-._](?:bak|backup|old|orig|save|copy|\d+)\Z")
_KEY_FILE = ".key"

_MARK = re.compile(rb"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_END = b"-----END"
# After the mark may stand line ends (as such, or escaped as in JSON), quotes, and headers
# (RFC 1421: `Proc-Type`, `DEK-Info`); source code that only knows the mark has no such line.
_HEADERS_BYTES = 400
_KEY_LINE = re.compile(rb"[A-Za-z0-9+/]{40,}")

# A piece of the mark in UTF-16, whichever byte comes first.
_WIDE = "PRIVATE".encode("utf-16-le")[:-1]
_PUTTY = re.compile(rb"PuTTY-User-Key-File-\d+: ")

# A key in DER is one structure, as long as the file, that begins with its version and, but for
# PKCS #1, with what it is a key for. Source: RFC 5208 and 5958 (PKCS #8; encrypted with an
# algorithm of PKCS #5, RFC 8018), RFC 8017 appendix A.1.2 (PKCS #1), RFC 5915 (elliptic curves).
_LENGTH = rb"(?:[\x00-\x7f]|\x81.|\x82..)"
_DER = re.compile(
    rb"\x30(" + _LENGTH + rb")(?:"
    rb"\x02\x01[\x00\x01]\x30" + _LENGTH + rb"\x06"
    rb"|\x30" + _LENGTH + rb"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05"
    rb"|\x02\x01\x00\x02" + _LENGTH + rb"\x00"
    rb"|\x02\x01\x01\x04[\x1c-\x42]"
    rb")",
    re.DOTALL,
)

# On a line of its own, as `credentials` of the AWS CLI and YAML have it, or in quotes, as source
# code and JSON have the value of that name; another name in its place is none.
# Source: AWS SDKs and Tools reference guide, "aws_secret_access_key"; a key has 40 characters.
_AWS_MARKS = (b"aws_secret_access_key", b"AWS_SECRET_ACCESS_KEY")
_AWS = re.compile(
    rb"^[ \t]*(?:export[ \t]+)?aws_secret_access_key[ \t]*[=:][ \t]*[A-Za-z0-9/+]{40}[ \t\r]*$"
    rb"|aws_secret_access_key(?:\\*[\"'])?\]?[ \t]*"
    rb"(?::[ \t]*[\w.|\[\] ]{1,40}=|[=:,])\s*\\*([\"'])[A-Za-z0-9/+]{40}\\*\1",
    re.MULTILINE | re.IGNORECASE,
)

# What may be cut by the end of a piece: the mark, the headers and a line, in UTF-16.
_OVERLAP_BYTES = 2048


def secret_folder(name: str) -> str | None:
    """Return what a folder of this name keeps secret, or None.

    >>> secret_folder(".aws"), secret_folder("aws")
    ('credentials of AWS', None)
    """
    lower = name.lower()
    if _ENVIRONMENTS.fullmatch(lower):
        return "settings of an environment"
    return _FOLDERS.get(lower)


def secret_by_name(name: str) -> str | None:
    """Return what a file of this name keeps secret, or None.

    >>> secret_by_name(".env.production"), secret_by_name("cacert.pem")
    ('settings of an environment', None)
    """
    lower = name.lower()
    names = (lower, _COPY.sub("", lower))
    return next(
        (what for pattern, what in _FILES if any(map(pattern.fullmatch, names))),
        None,
    )


def secret_in(name: str, pieces: Iterable[bytes]) -> str | None:
    """Return what a file keeps secret by what is in it, or None.

    Args:
        name: the file's name: one that ends in `.key` is a key unless it shows a public one.
        pieces: its content, read to the end.
    """
    before = first = b""
    size = 0
    public = private = keys = False
    for piece in pieces:
        window = before + piece
        first = first or window[:_OVERLAP_BYTES]
        size += len(piece)
        private = private or holds_private_key(window)
        keys = keys or _holds_aws_keys(window)
        public = public or b"PUBLIC KEY-----" in window or b"CERTIFICATE-----" in window
        before = window[-_OVERLAP_BYTES:]
    by_name = name.lower().endswith(_KEY_FILE) and before != b"" and not public
    if private or by_name or _PUTTY.match(first) or _is_der_key(first, size):
        return PRIVATE_KEY
    return "credentials of AWS" if keys else None


def holds_private_key(data: bytes) -> bool:
    """Return whether a private key in PEM is in *data*, on its own or inside something else."""
    if _WIDE in data:
        data = data.replace(b"\0", b"")
    if b"PRIVATE KEY" not in data:
        return False
    return any(
        _KEY_LINE.search(
            data[mark.end() : mark.end() + _HEADERS_BYTES].partition(_END)[0].replace(rb"\n", b"\n")
        )
        for mark in _MARK.finditer(data)
    )


def _holds_aws_keys(data: bytes) -> bool:
    return any(mark in data for mark in _AWS_MARKS) and _AWS.search(data) is not None


def _is_der_key(first: bytes, size: int) -> bool:
    """Whether a file of *size* bytes that begins with *first* is a private key in DER."""
    found = _DER.match(first)
    if found is None:
        return False
    length = found[1]
    content = length[0] if len(length) == 1 else int.from_bytes(length[1:], "big")
    return 1 + len(length) + content == size
