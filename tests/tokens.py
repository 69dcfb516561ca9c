"""Issuers of tokens for tests: real keys, tokens signed by them, a source that hands out keys."""

import base64
import json
from concurrent.futures import Future
from functools import cache
from itertools import count

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from chalice.gateway.exchange import KeysFound, NoKeys

POOL = "us-east-1_abcDEF123"
POOL_ARN = f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{POOL}"
POOL_ISSUER = f"https://cognito-idp.us-east-1.amazonaws.com/{POOL}"
POOL_KEYS = f"{POOL_ISSUER}/.well-known/jwks.json"

_CURVES = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}


def private_key(name, algorithm="RS256", bits=2048):
    """Return a key, always the same for one *name* and one kind of key."""
    return _made(name, _CURVES.get(algorithm, bits))


@cache
def _made(name, kind):
    del name
    if isinstance(kind, int):
        return rsa.generate_private_key(public_exponent=65537, key_size=kind)
    return ec.generate_private_key(kind())


def public_jwk(name, algorithm="RS256", bits=2048, **others):
    """Return the public part of a key as a member of a key set."""
    family = jwt.algorithms.ECAlgorithm if algorithm in _CURVES else jwt.algorithms.RSAAlgorithm
    written = family.to_jwk(private_key(name, algorithm, bits).public_key(), as_dict=True)
    written.pop("key_ops", None)
    return {**written, "kid": name, "use": "sig", "alg": algorithm, **others}


def key_set(*keys):
    """Return the text of a key set; a name stands for an RSA key."""
    return json.dumps({"keys": [public_jwk(key) if isinstance(key, str) else key for key in keys]})


def encoded(value):
    """Return *value*, JSON unless it is bytes, as a part of a token."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def minted(claims, *, name="one", algorithm="RS256", headers=None, key=None):
    """Return a token with *claims* signed by the key *name*; *headers* are added or replaced.

    *claims* that are bytes are signed as they are.
    """
    header = {"kid": name, "alg": algorithm, **(headers or {})}
    header = {field: value for field, value in header.items() if value is not None}
    signing_input = f"{encoded(header)}.{encoded(claims)}"
    signer = jwt.get_algorithm_by_name(algorithm)
    signature = signer.sign(signing_input.encode(), key or private_key(name, algorithm))
    return f"{signing_input}.{encoded(signature)}"


class KeysForTests:
    """A source of keys: texts by place, each look-up noted; what is not there cannot be had."""

    def __init__(self, places=None, *, reason="no route to host"):
        self.places = dict(places or {})
        self.wanted = []
        self.reason = reason

    def find(self, wanted):
        self.wanted.append(wanted)
        found = Future()
        text = self.places.get(wanted.place)
        if callable(text):
            text = text(wanted)
        found.set_result(NoKeys(self.reason) if text is None else KeysFound(text))
        return found


class NeverFound:
    """A source that looks for ever."""

    def __init__(self):
        self.looks = count()

    def find(self, wanted):
        next(self.looks)
        return Future()


class NeverInTime:
    """A source that looks for longer than anybody waits; nobody needs to wait in fact."""

    def __init__(self):
        self.waited = []

    def find(self, wanted):
        return _Late(self.waited)


class _Late(Future):
    def __init__(self, waited):
        super().__init__()
        self._waited = waited

    def result(self, timeout=None):
        self._waited.append(timeout)
        raise TimeoutError
