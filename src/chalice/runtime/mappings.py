"""The mappings of a request: a query with repeats, headers in any case."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any


class MultiDict(MutableMapping):  # type: ignore[type-arg]  # subscripting it costs an import
    """A mapping of names to lists of values that reads as a mapping to the last value.

    >>> query = MultiDict({"tag": ["a", "b"]})
    >>> query["tag"], query.getlist("tag"), dict(query)
    ('b', ['a', 'b'], {'tag': 'b'})
    """

    def __init__(self, mapping: Mapping[str, list[Any]] | None = None) -> None:
        self._lists: dict[str, list[Any]] = dict(mapping) if mapping else {}

    def __getitem__(self, key: str) -> Any:
        try:
            return self._lists[key][-1]
        except IndexError:
            raise KeyError(key) from None

    def __setitem__(self, key: str, value: Any) -> None:
        self._lists[key] = [value]

    def __delitem__(self, key: str) -> None:
        del self._lists[key]

    def __iter__(self) -> Iterator[str]:
        return (name for name, values in self._lists.items() if values)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"MultiDict({self._lists!r})"

    def getlist(self, key: str) -> list[Any]:
        """Return all values of *key* in the order sent.

        Raises:
            KeyError: the key was not sent.
        """
        return list(self._lists[key])


class CaseInsensitiveMapping(Mapping):  # type: ignore[type-arg]  # as above
    """A read-only mapping whose keys are found in any case and listed in lower case.

    >>> CaseInsensitiveMapping({"X-Id": "1"})["x-ID"]
    '1'
    """

    def __init__(self, mapping: Mapping[str, Any]) -> None:
        self._values = {str(name).lower(): value for name, value in mapping.items()}

    def __getitem__(self, key: str) -> Any:
        return self._values[key.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"CaseInsensitiveMapping({self._values!r})"
