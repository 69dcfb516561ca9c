"""A bucket in memory, which keeps what is written as S3 does."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chalice.aws.s3 import Changed, Content, Object


@dataclass
class Memory:
    """`S3` in memory: objects by key, and what was written, in order."""

    data: dict[str, bytes] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def head(self, key):
        if key not in self.data:
            return None
        found = self.data[key]
        sha256 = base64.b64encode(hashlib.sha256(found).digest()).decode()
        return Object(key, len(found), self.now, sha256=sha256)

    def read(self, key):
        found = self.data.get(key)
        return None if found is None else Content(found, hashlib.sha256(found).hexdigest())

    def write(self, key, data, *, etag=None):
        current = self.read(key)
        if etag is not None and etag != (current.etag if current else ""):
            raise Changed("412", "PutObject", "")
        self.data[key] = data
        self.written.append(key)

    def url(self, key):
        return f"https://bucket.example/{key}"

    def objects(self, prefix):
        return tuple(
            Object(k, len(d), self.now) for k, d in self.data.items() if k.startswith(prefix)
        )

    versions = objects

    def delete(self, objects):
        for item in list(objects):
            del self.data[item.key]
