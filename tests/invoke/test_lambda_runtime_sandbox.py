"""What a function sees of the machine: as little as on Lambda, where the system allows it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.invoke.real_runtime import served

from chalice.invocation import FunctionError
from chalice.invoke.lambda_runtime.identity import USER_NAME
from chalice.invoke.lambda_runtime.variables import caller

# Only root sees what others do not, and can be somebody else.
NEEDS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")


@pytest.fixture(params=[True, False], ids=["", "plain"])
def isolated(request):
    return request.param


def _needs_namespaces(functions):
    """Skip where the system allows no namespaces: the functions ran without."""
    if functions.notices:
        pytest.skip(functions.notices[0])


def test_the_environment_is_lambdas_and_the_functions(tmp_path, isolated):
    code = """
    import os
    def handler(event, context): return dict(os.environ)
    """
    own = {"TABLE": "items", "TZ": "Europe/Berlin", "AWS_REGION": "mars"}

    with served(code, tmp_path, options={"isolated": isolated}, environment=own) as functions:
        found = functions.value()

    minor = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert set(found) - {"TMPDIR", "HOME"} == {
        "_HANDLER", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME", "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_XRAY_CONTEXT_MISSING",
        "AWS_XRAY_DAEMON_ADDRESS", "LAMBDA_RUNTIME_DIR", "LAMBDA_TASK_ROOT", "LANG", "LC_CTYPE",
        "LD_LIBRARY_PATH", "PATH", "PWD", "PYTHONPATH", "SHLVL", "TABLE", "TZ",
        "_X_AMZN_TRACE_ID",
    }  # fmt: skip
    assert ("TMPDIR" in found) is ("HOME" in found) is not isolated
    assert found["TABLE"] == "items"
    assert found["TZ"] == "Europe/Berlin"
    assert found["AWS_REGION"] == found["AWS_DEFAULT_REGION"] == "us-east-1"
    assert found["AWS_EXECUTION_ENV"] == f"AWS_Lambda_python{minor}"


def test_the_packages_of_this_machine_are_out_of_sight(tmp_path, isolated):
    code = """
    import sys
    def handler(event, context):
        import chalice
    """

    with served(code, tmp_path, options={"isolated": isolated}) as functions:
        outcome = functions.invoke()

    assert isinstance(outcome, FunctionError)
    assert outcome.message == "No module named 'chalice'"


def test_the_home_of_who_started_a_function_is_not_its_home(tmp_path, isolated):
    code = """
    import os
    def handler(event, context): return os.path.expanduser("~")
    """

    with served(code, tmp_path, options={"isolated": isolated}) as functions:
        found = functions.value()

    assert found == f"/home/{USER_NAME}"


def test_what_is_left_in_tmp_is_the_environments_own(tmp_path, isolated):
    code = """
    import os, tempfile
    def handler(event, context):
        found = os.listdir(tempfile.gettempdir())
        open(os.path.join(tempfile.gettempdir(), context.function_name), "w").close()
        return found
    def other(event, context): return handler(event, context)
    """

    with served(code, tmp_path, "handler", "other", options={"isolated": isolated}) as functions:
        found = [functions.value(name) for name in ("handler", "handler", "other")]

    assert found == [[], ["handler"], []]


def test_the_package_cannot_be_changed(tmp_path, isolated):
    code = """
    import os
    def handler(event, context): open(os.path.join(os.environ["LAMBDA_TASK_ROOT"], "x"), "w")
    """

    with served(code, tmp_path, options={"isolated": isolated}) as functions:
        outcome = functions.invoke()

    assert isinstance(outcome, FunctionError)
    assert outcome.error_type in {"OSError", "PermissionError"}
    (tmp_path / "task" / "x").touch()  # what was taken from it is given back


def test_a_function_is_where_and_who_it_is_on_lambda(tmp_path):
    code = """
    import getpass, os, sys
    def handler(event, context):
        return {
            "folder": os.getcwd(),
            "path": sys.path[:4],
            "user": [os.getuid(), os.getgid(), getpass.getuser(), os.path.expanduser("~")],
            "processes": sorted(name for name in os.listdir("/proc") if name.isdecimal()),
            "root": sorted(os.listdir("/")),
            "var": sorted(os.listdir("/var")),
            "shm": os.path.exists("/dev/shm"),
            "home": os.path.exists(event),
        }
    """

    with served(code, tmp_path) as functions:
        found = functions.value(event=str(Path.cwd()))
        _needs_namespaces(functions)

    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    assert found["folder"] == "/var/task"
    assert found["path"] == [
        "/var/task",
        f"/opt/python/lib/{version}/site-packages",
        "/opt/python",
        "/var/runtime",
    ]
    assert found["user"] == [993, 990, "sbx_user1051", f"/home/{USER_NAME}"]
    assert len(found["processes"]) == 2
    assert {"etc", "opt", "tmp", "usr", "var"} <= set(found["root"])
    assert {"task", "runtime"} <= set(found["var"])
    assert not found["shm"]
    assert not found["home"]


@pytest.mark.parametrize("place", ["/x", "/var/task/x", "/opt/x", "/etc/x", "/dev/x"])
def test_nothing_but_tmp_can_be_written(tmp_path, place):
    code = "def handler(event, context): open(event, 'w')"

    with served(code, tmp_path) as functions:
        outcome = functions.invoke(event=place)
        _needs_namespaces(functions)

    assert isinstance(outcome, FunctionError)
    assert outcome.message == f"[Errno 30] Read-only file system: '{place}'"


SWEEP = """
import os, stat
OWN = ("/tmp", "/proc/self", "/proc/thread-self")
def handler(event, context):
    with open("/proc/self/mountinfo") as file:
        mounts = [line.split()[4:6] for line in file]
    found = [place for place, options in mounts if "ro" not in options.split(",")]
    found.remove("/tmp")
    for start in ("/proc", "/dev", "/etc", "/var", "/sys/kernel"):
        for top, folders, names in os.walk(start):
            folders[:] = [
                name for name in folders
                if os.path.join(top, name) not in OWN and not (top == "/proc" and name.isdecimal())
            ]
            found += filter(is_writable, (top, *(os.path.join(top, name) for name in names)))
    return found
def is_writable(path):
    if os.path.islink(path):
        return False
    mode = os.stat(path).st_mode
    if os.access(path, os.W_OK) and not stat.S_ISCHR(mode):
        return True
    try:
        os.chmod(path, stat.S_IMODE(mode))
        return True
    except OSError:
        return False
def rights(event, context):
    with open("/proc/self/status") as file:
        told = dict(line.split(":", 1) for line in file)
    names = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Groups")
    return [told[name].split() for name in names]
"""
ROOTLESS = """
import json, sys
from pathlib import Path
from tests.invoke.real_runtime import served
with served(sys.argv[2], Path(sys.argv[1]), "handler", "rights") as functions:
    print(json.dumps([functions.value(), functions.value("rights"), functions.notices]))
"""
NO_RIGHTS = [*[["0" * 16]] * 5, ["1"]]


def test_a_function_can_change_nothing_of_the_machine(tmp_path):
    with served(SWEEP, tmp_path, "handler", "rights") as functions:
        found = functions.value()
        rights = functions.value("rights")
        _needs_namespaces(functions)

    assert found == []
    assert rights[:6] == NO_RIGHTS


THREADS = """
import threading
def handler(event, context):
    end = threading.Event()
    threads = []
    threading.stack_size(65536)
    while len(threads) < 1100:
        thread = threading.Thread(target=end.wait, daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            break
        threads.append(thread)
    end.set()
    for thread in threads:
        thread.join()
    return len(threads)
"""


@pytest.mark.skipif(os.geteuid() == 0, reason="root, and who root becomes, has no limit")
def test_there_are_as_many_threads_as_on_lambda(tmp_path):
    with served(THREADS, tmp_path, memory_mb=1024) as functions:
        threads = functions.value()
        _needs_namespaces(functions)

    assert threads == 1023  # the interpreter's own is one more


def test_a_function_can_change_nothing_where_root_cannot_become_another_user(tmp_path):
    # What its own account has the right to write is read-only: here that is the machine's root,
    # where root runs the tests.
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", sys.executable, "-c", ROOTLESS, tmp_path, SWEEP],
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare: " in done.stderr and not done.stdout:
        pytest.skip("the system allows no namespaces")

    found, rights, notices = json.loads(done.stdout)
    if notices:
        pytest.skip(notices[0])
    assert found == []
    assert rights[:6] == NO_RIGHTS


@NEEDS_ROOT
def test_what_only_root_may_read_is_no_functions_to_read(tmp_path):
    code = """
    def handler(event, context): return open("/etc/shadow").read()
    """

    with served(code, tmp_path) as functions:
        outcome = functions.invoke()
        _needs_namespaces(functions)

    assert isinstance(outcome, FunctionError)
    assert outcome.error_type == "PermissionError"


@NEEDS_ROOT
def test_what_root_unpacked_for_itself_can_be_run(tmp_path):
    before = os.umask(0o077)
    try:
        with served("def handler(event, context): return 1", tmp_path) as functions:
            assert functions.value() == 1
            _needs_namespaces(functions)
    finally:
        os.umask(before)


def test_a_function_without_namespaces_has_no_rights_either(tmp_path):
    options = {"isolated": False}

    with served(SWEEP, tmp_path, "handler", "rights", options=options) as functions:
        rights = functions.value("rights")

    assert rights[:6] == [["0" * 16]] * 3 + [rights[3], ["0" * 16], ["1"]]
    assert rights[3] == ["0" * 16] or os.geteuid()


def test_a_function_has_no_open_files_but_its_own(tmp_path, isolated):
    code = """
    import os
    paths = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd") if int(name) > 2]
    found = [os.readlink(path) for path in paths if os.path.lexists(path)]
    def handler(event, context): return found
    """

    with served(code, tmp_path, options={"isolated": isolated}) as functions:
        found = functions.value()

    assert found == []


def test_what_a_function_writes_to_dev_stdout_is_logged(tmp_path):
    code = """
    def handler(event, context):
        with open("/dev/stdout", "w") as file:
            file.write("written")
    """

    with served(code, tmp_path) as functions:
        functions.value()

    assert "written" in functions.texts()


def test_tmp_has_the_size_that_it_has_on_lambda(tmp_path):
    code = """
    import shutil
    def handler(event, context): return shutil.disk_usage("/tmp").total
    """

    with served(code, tmp_path) as functions:
        size = functions.value()
        _needs_namespaces(functions)

    assert size == 512 * 1024 * 1024


def test_a_layer_is_in_opt_and_on_the_path(tmp_path, isolated):
    code = """
    import shared
    def handler(event, context): return shared.__file__
    """
    layer = tmp_path / "layer"
    (layer / "python").mkdir(parents=True)
    (layer / "python" / "shared.py").touch()

    with served(code, tmp_path, options={"isolated": isolated, "layer_root": layer}) as functions:
        found = functions.value()

    assert found == (f"{layer}/python/shared.py" if not isolated else "/opt/python/shared.py")


def test_pth_files_of_the_package_count(tmp_path, isolated):
    code = """
    def handler(event, context):
        import further
        return True
    """

    with served(code, tmp_path, options={"isolated": isolated}) as functions:
        (tmp_path / "task" / "lib").mkdir(mode=0o755)
        (tmp_path / "task" / "lib" / "further.py").touch()
        (tmp_path / "task" / "more.pth").write_text("lib\n", encoding="utf-8")

        assert functions.value()


def test_another_python_than_the_packages_is_said_once(tmp_path):
    options = {"python": (3, 99)}

    with served("def handler(event, context): pass", tmp_path, options=options) as functions:
        functions.value()
        functions.value()

    ours = f"{sys.version_info[0]}.{sys.version_info[1]}"
    [notice] = [text for text in functions.notices if "Python" in text]
    assert notice == f"The package is for Python 3.99; it runs on {ours}, the one that is here"


def test_a_function_calls_as_who_the_shell_says():
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}

    found = caller({**keys, "AWS_PROFILE": "p", "AWS_ENDPOINT_URL_S3": "http://s3", "HOME": "/h"})

    assert found == {**keys, "AWS_ENDPOINT_URL_S3": "http://s3"}


def test_a_function_has_keys_that_aws_refuses_where_the_shell_has_none():
    found = caller({"AWS_ACCESS_KEY_ID": "half of a pair", "AWS_SESSION_TOKEN": "of no use"})

    assert found["AWS_ACCESS_KEY_ID"] == "AKIAIOSFODNN7EXAMPLE"
    assert found.keys() == {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}


WITHOUT_NAMESPACES = """
import json, sys
from pathlib import Path
from tests.invoke.real_runtime import served
code = '''
import os, tempfile
def handler(event, context): return [os.getcwd(), tempfile.gettempdir()]
def other(event, context): return "other"
'''
with served(code, Path(sys.argv[1]), "handler", "other") as functions:
    print(json.dumps([functions.value(), functions.value("other"), functions.notices]))
"""


def test_a_system_that_allows_no_namespaces_is_named_once(tmp_path):
    # The limit counts for the namespace that it is set in, and so for what is started here only.
    forbid = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$0" "$@"'
    program = [sys.executable, "-c", WITHOUT_NAMESPACES, str(tmp_path)]
    done = subprocess.run(
        ["unshare", "--user", "--map-root-user", "sh", "-c", forbid, *program],
        capture_output=True,
        text=True,
        check=False,
    )
    if "unshare: " in done.stderr and not done.stdout:
        pytest.skip("there is no namespace to forbid namespaces in")

    [[folder, tmp], other, notices] = json.loads(done.stdout)
    assert folder == str(tmp_path / "task")
    assert Path(tmp).name.startswith("chalice-tmp-")
    assert not Path(tmp).exists()
    assert other == "other"
    [notice] = notices
    assert notice.startswith("This system does not allow the file system that Lambda has (unshare:")
    assert done.stderr == ""


def test_lists_of_processes_name_none_of_this_machines_folders(tmp_path, isolated):
    code = """
    import os
    def handler(event, context):
        with open(f"/proc/{os.getppid()}/cmdline", "rb") as file:
            return file.read().decode()
    """

    with served(code, tmp_path, options={"isolated": isolated}) as functions:
        found = functions.value()

    assert found.rstrip("\0") == "chalice: the first process of an execution environment"


# --- who may ask for events ----------------------------------------------------------------------

ASK = """
import encodings.idna, http.client, os, sys  # all that another user may not be able to read
os.setuid(int(sys.argv[2]))
asked = http.client.HTTPConnection(sys.argv[1], timeout=5)
asked.request("GET", "/2018-06-01/runtime/invocation/next")
print(asked.getresponse().status)
"""


@pytest.mark.parametrize("user", [os.geteuid(), pytest.param(1234, marks=NEEDS_ROOT)])
def test_events_are_for_the_environment_alone(tmp_path, isolated, user):
    code = """
    import http.client, os
    def handler(event, context):
        if event:
            asked = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
            asked.request("GET", "/2018-06-01/runtime/invocation/next")
            return asked.getresponse().read().decode()
        return os.environ["AWS_LAMBDA_RUNTIME_API"]
    """

    with served(code, tmp_path, options={"isolated": isolated}) as functions:
        address = functions.value()
        command = [sys.executable, "-c", ASK, address, str(user)]
        answers = [subprocess.check_output(command, timeout=10) for _ in range(2)]
        after = functions.value()
        own = functions.value(event=1)

    assert answers == [b"403\n", b"403\n"]
    assert after == address
    # The function may ask, as on Lambda; it is not its turn.
    assert json.loads(own)["errorType"] == "InvalidStateTransition"
    said = [text for text in functions.notices if "asked for the events" in text]
    assert said == [f"A program of user {user} asked for the events of a function, and was refused"]
