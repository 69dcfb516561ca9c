"""What of a distribution cannot be imported, kept like its facts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chalice.bundle.inspection.groups import KIND, Gap, Group, kept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.bundle.inspection.modules import Modules
    from chalice.bundle.store import Store


def gaps_of(
    group: Group, modules: Modules, lacking: Sequence[str], broken: Sequence[str], store: Store
) -> tuple[Gap, ...]:
    """Return what in *group* cannot be imported, and what fails with it.

    Args:
        group: the files.
        modules: what can be imported on the target.
        lacking: modules that nothing provides and that files of the group mention.
        broken: places of extension modules that would not be loaded.
        store: where the answer is kept.
    """
    if not lacking and not broken:
        return ()
    asked = json.dumps([sorted(lacking), sorted(broken)])
    key = f"gaps:{modules.target}:{group.identity()}:{asked}"
    if (known := kept(store, key)) is not None:
        return tuple(Gap(at, line, name, tuple(behind)) for at, line, name, behind in known["gaps"])
    from chalice.bundle.inspection.reach import find_gaps  # noqa: PLC0415 - only what is new pays for it

    found = find_gaps(group, modules, frozenset(lacking), broken)
    rows = [[gap.location, gap.line, gap.name, list(gap.behind)] for gap in found]
    store.write(KIND, key, json.dumps({"gaps": rows}).encode())
    return found
