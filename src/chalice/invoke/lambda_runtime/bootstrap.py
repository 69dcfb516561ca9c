"""What the runtime's process starts with: finds the code as Lambda does, then hands over.

It is seen beside the runtime client and run by the function's interpreter, so it knows nothing of
ours. The order of `sys.path` and the `.pth` files of the function: as /var/runtime/bootstrap.py of
Lambda's images of Python 3.8 to 3.14 has them.
"""

import os
import site
import sys
from importlib import import_module


def main(handler: str, layer: str) -> None:
    """Set up the paths and run the client to its end."""
    task = os.environ["LAMBDA_TASK_ROOT"]
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    folders = [task]
    if "PYTHONPATH" not in os.environ:
        folders += [f"{layer}/python/lib/{version}/site-packages", f"{layer}/python"]
    client_folder = os.environ["LAMBDA_RUNTIME_DIR"]
    sys.path[:0] = folders if client_folder in sys.path else [*folders, client_folder]
    if sys.flags.no_site:
        # The machine's own packages stay out; the rest is what `site` does for every program.
        site.setquit()
        site.setcopyright()
        site.sethelper()
    for folder in folders:
        site.addsitedir(folder)
    os.environ.setdefault("PYTHONPATH", client_folder)
    import_module("awslambdaric.__main__").main(["bootstrap", handler])


if __name__ == "__main__":
    main(*sys.argv[1:])
