"""What the name and the value of an HTTP header may be: the one rule of all tools.

Only the runtime has its own, since it may import nothing of the tools.
"""

from __future__ import annotations

import re

#: What matches a name.
#: Source: RFC 9110, section 5.6.2, "token", which a field name is (section 5.1).
NAME = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"

#: What matches a value.
#: Source: RFC 9110, section 5.5: CR, LF and NUL are dangerous, other controls but the tab are
#: invalid. Half of a surrogate pair has no bytes to be sent as.
VALUE = r"[^\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]*"

_NAME = re.compile(NAME)
_VALUE = re.compile(VALUE)


def is_header_name(name: str) -> bool:
    """Return whether *name* may be the name of a header.

    >>> is_header_name("X-Amz-Date"), is_header_name("a b"), is_header_name("")
    (True, False, False)
    """
    return _NAME.fullmatch(name) is not None


def is_header_value(value: str) -> bool:
    r"""Return whether *value* may be the value of a header: no control character but the tab.

    >>> is_header_value("a\tb"), is_header_value("a\r\nb")
    (True, False)
    """
    return value.isprintable() or _VALUE.fullmatch(value) is not None
