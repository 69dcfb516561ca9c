"""The ids that API Gateway gives to a request, and where they come from."""

from __future__ import annotations

import os
from base64 import urlsafe_b64encode
from typing import Protocol


class Ids(Protocol):
    """Makes ids; an implementation is safe to call from several threads."""

    def request_id(self) -> str:
        """Return a UUID."""
        ...

    def extended_request_id(self) -> str:
        """Return sixteen characters of base64 such as `ATfSdF7nPHcErRA=` (rule 1.20)."""
        ...

    def trace_root(self, seconds: float) -> str:
        """Return a root such as `1-<8 hex: the time>-<24 hex>` (rule 1.19)."""
        ...

    def segment_id(self) -> str:
        """Return sixteen hexadecimal digits, the parent of what the function records."""
        ...


class RandomIds:
    """Ids that nobody can guess and that never repeat."""

    __slots__ = ()

    def request_id(self) -> str:
        """Return a random UUID, version 4."""
        digits = os.urandom(16).hex()
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def extended_request_id(self) -> str:
        """Return eleven random bytes in base64."""
        return urlsafe_b64encode(os.urandom(11)).decode("ascii")

    def trace_root(self, seconds: float) -> str:
        """Return the time and twelve random bytes."""
        return f"1-{int(seconds) & 0xFFFFFFFF:08x}-{os.urandom(12).hex()}"

    def segment_id(self) -> str:
        """Return eight random bytes."""
        return os.urandom(8).hex()
