"""Numbers of JSON, exactly: as decimals, with a limit to their digits."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

# The most characters of a number that is no integer. Python has the same limit for those that are.
_MAX_DIGITS = 4_300


def decimal(text: str) -> Decimal:
    """Return the number that *text* is.

    Raises:
        ValueError: it has too many digits.
    """
    if len(text) > _MAX_DIGITS:
        raise ValueError("too many digits")
    return Decimal(text)


def divides(divisor: int | Decimal, number: int | Decimal) -> bool:
    """Return whether *number* is a multiple, exactly, and however many digits it would have.

    >>> divides(Decimal("0.1"), Decimal("1e28")), divides(7, Decimal("1e999999999"))
    (True, False)
    """
    (dividend, up), (of, down) = _scaled(number), _scaled(divisor)
    shift = up - down
    if shift >= 0:
        return dividend * pow(10, shift, of) % of == 0
    # With more places than digits it is below the divisor.
    below = -shift > _MAX_DIGITS and dividend != 0
    return not below and dividend % (of * 10 ** min(-shift, _MAX_DIGITS)) == 0


def _scaled(number: int | Decimal) -> tuple[int, int]:
    """Return the digits of *number* and the power of ten that they are multiplied by."""
    if isinstance(number, int):
        return abs(number), 0
    _, digits, exponent = number.as_tuple()
    return int(Decimal((0, digits, 0))), cast("int", exponent)
