"""Key sets of issuers (JWKS): read, kept while they stay the same, and used to verify signatures.

joserfc and cryptography, which do the arithmetic, are imported for the first signature only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.gateway.tokens import Rejected, Token, base64url, shown
from chalice.rules import key_sets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joserfc.jwk import ECKey, RSAKey

    from chalice.gateway.exchange import KeysWanted

# The kind of key and the curve that each algorithm wants. There is no other: `none` and those with
# a shared secret are nowhere known.
_KEYS_FOR: Mapping[str, tuple[str, str | None]] = {
    "RS256": ("RSA", None),
    "RS384": ("RSA", None),
    "RS512": ("RSA", None),
    "ES256": ("EC", "P-256"),
    "ES384": ("EC", "P-384"),
    "ES512": ("EC", "P-521"),
}

# What makes a public key, by its kind: nothing else of a key set is handed on.
_PARTS = {"RSA": ("kty", "n", "e"), "EC": ("kty", "crv", "x", "y")}

# RSA keys are of 2048 bits or more (RFC 7518, 3.3); above the other bound one verification would
# hold up everything else.
_RSA_BITS = range(2_048, 16_385)


class KeysUnreadable(Exception):
    """What was found in the place of a key set is none."""


class SigningKey:
    """One public key of a key set; it is made ready when it is used first."""

    __slots__ = ("_ready", "_written")

    def __init__(self, written: Mapping[str, Any]) -> None:
        self._written = written
        self._ready: RSAKey | ECKey | None = None

    def fits(self, algorithm: str) -> bool:
        """Tell whether the key may verify signatures that are made by *algorithm*."""
        written = self._written
        operations: object = written.get("key_ops")
        return (
            (written.get("kty"), written.get("crv")) == _KEYS_FOR[algorithm]
            and written.get("alg") in (None, algorithm)
            and written.get("use") in (None, "sig")
            and (not isinstance(operations, list) or "verify" in operations)
        )

    def verify(self, token: Token) -> None:
        """Refuse *token* unless this key has signed it.

        Raises:
            Rejected: it has not, or is no key.
        """
        from joserfc.errors import JoseError  # noqa: PLC0415 - only where a token is verified
        from joserfc.jws import JWSRegistry  # noqa: PLC0415 - the same

        try:
            key = self._ready or self._prepared()
            # The algorithm is the authorizer's, not the token's word: `fits` has compared them.
            algorithm = JWSRegistry(algorithms=[token.algorithm]).get_alg(token.algorithm)
            good = algorithm.verify(token.signed, token.signature, key)
        except (JoseError, ValueError, TypeError) as error:
            raise Rejected(f"the key {shown(token.key_id)} cannot be used: {error}") from None
        if not good:
            raise Rejected("the token's signature is not that of its key")

    def _prepared(self) -> RSAKey | ECKey:
        from joserfc.jwk import ECKey, RSAKey  # noqa: PLC0415 - only where a token is verified

        kind = self._written["kty"]
        parts: dict[str, Any] = {name: self._written.get(name) for name in _PARTS[kind]}
        if kind == "EC":
            self._ready = ECKey.import_key(parts)
        else:
            # joserfc would warn of a short key, and take it.
            modulus = base64url(str(parts["n"]), "key")
            if int.from_bytes(modulus, "big").bit_length() not in _RSA_BITS:
                raise ValueError("it has not from 2048 to 16384 bits")
            self._ready = RSAKey.import_key(parts)
        return self._ready


#: The keys of an issuer by name; a name may stand for keys of different kinds.
KeyRing = dict[str, list[SigningKey]]


def read(text: str) -> KeyRing:
    """Return the keys of a key set that verify signatures; others are passed over.

    Raises:
        KeysUnreadable: the text is no key set.
    """
    try:
        keys = key_sets.public_keys(text)
    except ValueError as error:
        raise KeysUnreadable(str(error)) from None
    ring: KeyRing = {}
    for written in keys:
        ring.setdefault(written["kid"], []).append(SigningKey(written))
    return ring


def key_for(token: Token, ring: KeyRing) -> SigningKey | None:
    """Return the key that *token* names, if it is in *ring* and for the token's algorithm."""
    return next((key for key in ring.get(token.key_id, ()) if key.fits(token.algorithm)), None)


def kept(rings: dict[str, tuple[str, KeyRing]], wanted: KeysWanted, text: str) -> KeyRing:
    """Return the keys in *text*, which came from the place that *wanted* names.

    A key set is read once for as long as its text stays the same.

    Args:
        rings: remembers what was read, by place: as many as definition and configuration name.
        wanted: where the text came from.
        text: a key set.

    Raises:
        KeysUnreadable: the text is no key set.
    """
    known = rings.get(wanted.place)
    if known is not None and known[0] == text:
        return known[1]
    ring = read(text)
    rings[wanted.place] = (text, ring)
    return ring
