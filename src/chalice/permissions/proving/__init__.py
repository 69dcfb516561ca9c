"""The certificate of a policy: what a program called of AWS, beside what it may call.

    the program, watched by `recorder` --lines--> calls --needs--> questions --iam--> Certificate

What a call needs is found by the tables that the reader of the code uses, and IAM's answer by the
evaluator of the gateway. Knows what the recorder writes; must not know how programs are run.
"""

from chalice.permissions.proving.certificate import prove
from chalice.permissions.proving.outcome import Certificate, Grants

__all__ = ["Certificate", "Grants", "prove"]
