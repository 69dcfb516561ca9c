"""IAM policy documents and their evaluation, as far as one request to one API needs them.

    document --parse--> Policy --evaluate(policies, question)--> Decision

A Deny that applies wins, then an Allow that applies, else nothing allows. What cannot be evaluated
never lets anybody in: a document with an unknown element is refused by `parse`, and a statement
that hangs on an unknown operator, variable or condition key makes the decision `UNDECIDED`, with
the reason. Knows documents, ARNs and conditions; must not know who asks, nor what HTTP is.

Source of the rules: IAM user guide, "Policy evaluation logic" and "IAM JSON policy elements
reference"; for what API Gateway makes of them, rules 4.11 to 4.15 and 4.27 to 4.29.
"""

from chalice.iam.errors import PolicyError
from chalice.iam.patterns import matches
from chalice.iam.policy import (
    OLDER_VERSION,
    VERSION,
    Decision,
    Policy,
    Verdict,
    document_of,
    evaluate,
    evaluate_both,
    listed,
    parse,
    statements,
)
from chalice.iam.principals import ANONYMOUS_CONTEXT, Caller, caller_of
from chalice.iam.question import Question

__all__ = [
    "ANONYMOUS_CONTEXT",
    "OLDER_VERSION",
    "VERSION",
    "Caller",
    "Decision",
    "Policy",
    "PolicyError",
    "Question",
    "Verdict",
    "caller_of",
    "document_of",
    "evaluate",
    "evaluate_both",
    "listed",
    "matches",
    "parse",
    "statements",
]
