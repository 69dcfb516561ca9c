"""What the name and the value of an HTTP header may be: the one rule of all tools.

Only the runtime has its own, since it may import nothing of the tools.
"""

from __future__ import annotations

import re

# Source: RFC 9110, section 5.6.2, "token", which a field name is (section 5.1).
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")

# Source: RFC 9110, section 5.5: CR, LF and NUL are dangerous, other controls but the tab are
# invalid. Half of a surrogate pair has no bytes to be sent as.
_NOT_IN_A_VALUE = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")


def is_header_name(name: str) -> bool:
    """Return whether *name* may be the name of a header.

    >>> is_header_name("X-Amz-Date"), is_header_name("a b"), is_header_name("")
    (True, False, False)
    """
    return _TOKEN.fullmatch(name) is not None


def is_header_value(value: str) -> bool:
    r"""Return whether *value* may be the value of a header: no control character but the tab.

    >>> is_header_value("a\tb"), is_header_value("a\r\nb")
    (True, False)
    """
    return value.isprintable() or not _NOT_IN_A_VALUE.search(value)
