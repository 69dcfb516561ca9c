"""What an application's code needs of AWS: from syntax trees to the statements of a policy.

    files --reading--> uses --granting--> needs --policy--> statements <--proving-- recorded calls

Nothing of the project is imported or executed. Knows Python's syntax, what the SDK's objects do
and AWS's own list of actions; must not know the application object, the settings or the terminal.
"""

from chalice.permissions.policy import Policy, Reason, Statement, policy_of, reasons, shown
from chalice.permissions.reading.reader import (
    Reading,
    functions,
    of_functions,
    of_no_function,
    read,
)

__all__ = [
    "Policy",
    "Reading",
    "Reason",
    "Statement",
    "functions",
    "of_functions",
    "of_no_function",
    "policy_of",
    "read",
    "reasons",
    "shown",
]
