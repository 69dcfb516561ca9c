"""What Python imports first in a process that is recorded; see `recorder`, which is beside it.

Its folder stands before all others on PYTHONPATH, so another module of this name is hidden by it
and imported by it. Source: Python's library reference, "site": `sitecustomize`.
"""

import importlib
import importlib.util
import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - at every start
_RECORDER = os.path.join(os.path.dirname(_FOLDER), "recorder")  # noqa: PTH118, PTH120 - the same
_NAME = "_chalice_recorder"


def _begin() -> None:
    file = os.path.join(_RECORDER, "__init__.py")  # noqa: PTH118 - the same
    spec = importlib.util.spec_from_file_location(
        _NAME, file, submodule_search_locations=[_RECORDER]
    )
    if spec is None or spec.loader is None:
        return
    recorder = importlib.util.module_from_spec(spec)
    # Its modules find each other by its name.
    sys.modules[_NAME] = recorder
    spec.loader.exec_module(recorder)
    recorder.begin(os.environ)


def _import_hidden() -> None:
    ours = sys.modules.pop(__name__)
    sys.path[:] = [item for item in sys.path if os.path.abspath(item) != _FOLDER]  # noqa: PTH100 - the same
    try:
        importlib.import_module(__name__)
    except ImportError as error:
        if error.name != __name__:
            raise
    sys.modules.setdefault(__name__, ours)


# Under its own name it only begins a process.
if __name__ == "sitecustomize":
    _begin()
    _import_hidden()
