"""Which of a project's files ship; what is secret, litter, or no file."""

import json
import os
import shutil
import socket
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bundle.building import is_root, project

from chalice.bundle.files.project_files import collect_project
from chalice.bundle.files.secrets import holds_private_key
from chalice.patterns import compiled, problem

BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\n"
KEY = f"-----BEGIN PRIVATE KEY-----\n{BODY * 4}-----END PRIVATE KEY-----\n"
CERTIFICATE = f"-----BEGIN CERTIFICATE-----\n{BODY * 4}-----END CERTIFICATE-----\n"


def paths(collected):
    return [file.path for file in collected.files]


def reasons(collected):
    return {left.path: left.reason for left in collected.left_out}


def codes(collected):
    return [(problem.code, problem.where, problem.severity) for problem in collected.problems]


def test_what_aws_chalice_ships_ships(tmp_path):
    files = {
        "chalicelib/__init__.py": "",
        "chalicelib/data/words.txt": "",
        "chalicelib/tests/test_a.py": "",
        "vendor/six.py": "",
        "vendor/pkg/mod.so": "",
        "requirements.txt": "",
        "other.py": "",
        ".chalice/config.json": "{}",
    }

    collected = collect_project(project(tmp_path, files))

    assert [(file.path, file.origin, file.source) for file in collected.files] == [
        ("app.py", "project", "app.py"),
        ("chalicelib/__init__.py", "project", "chalicelib/__init__.py"),
        ("chalicelib/data/words.txt", "project", "chalicelib/data/words.txt"),
        ("chalicelib/tests/test_a.py", "project", "chalicelib/tests/test_a.py"),
        ("pkg/mod.so", "vendor", "vendor/pkg/mod.so"),
        ("six.py", "vendor", "vendor/six.py"),
    ]
    assert collected.problems == ()
    assert collected.left_out == ()


def test_a_folder_without_an_application_is_a_problem(tmp_path):
    assert codes(collect_project(tmp_path)) == [("app-missing", "", "error")]


def test_includes_ship_where_they_are_and_excludes_win(tmp_path):
    files = dict.fromkeys(
        ["lib/a.py", "lib/b.txt", "lib/deep/c.py", "static/x.css", "chalicelib/big.bin"], ""
    )

    collected = collect_project(
        project(tmp_path, files),
        include=["lib/**/*.py", "static/"],
        exclude=["**/c.py", "chalicelib/*.bin"],
    )

    assert paths(collected) == ["app.py", "lib/a.py", "static/x.css"]
    assert reasons(collected) == {"chalicelib/big.bin": "excluded", "lib/deep/c.py": "excluded"}
    assert collected.problems == ()


def test_a_pattern_that_matches_nothing_is_named(tmp_path):
    collected = collect_project(
        project(tmp_path, {"static/x.css": ""}),
        include=["statc/**", "static/*.css"],
        exclude=["nothing.py"],
        named_secrets=["no.pem"],
    )

    assert [problem.severity for problem in collected.problems] == ["warning"] * 3
    assert [problem.summary for problem in collected.problems] == [
        "`package.include` has `statc/**`, which matches no file",
        "`package.exclude` has `nothing.py`, which matches no file",
        "`package.secrets` has `no.pem`, which matches no file",
    ]


@pytest.mark.parametrize("pattern", ["app.py", "*.py", "**"])
def test_a_package_without_its_application_is_a_problem(tmp_path, pattern):
    root = project(tmp_path, {"chalicelib/a.py": ""})

    (problem,) = collect_project(root, exclude=["chalicelib/**", pattern]).problems

    assert (problem.code, problem.severity) == ("app-excluded", "error")
    assert problem.summary == (
        f"`package.exclude` has `{pattern}`, which takes out `app.py`: nothing could run"
    )


def test_a_pattern_for_what_another_one_excludes_already_is_not_idle(tmp_path):
    files = {"chalicelib/a/b.json": "", "vendor/.tox/c.json": ""}
    exclude = ["chalicelib/a", "chalicelib/a/*.json", "chalicelib/*/b.json"]

    collected = collect_project(
        project(tmp_path, files), exclude=[*exclude, "vendor/.tox/*.json", "othr/*"]
    )

    assert [problem.summary for problem in collected.problems] == [
        "`package.exclude` has `vendor/.tox/*.json`, and nothing in `vendor/.tox/` ships (litter)",
        "`package.exclude` has `othr/*`, which matches no file",
    ]


def test_a_pattern_for_what_never_ships_is_explained(tmp_path):
    files = {".chalice/config.json": "{}", "node_modules/a.js": ""}

    collected = collect_project(
        project(tmp_path, files), include=[".chalice/config.json", "node_modules/**"]
    )

    assert paths(collected) == ["app.py"]
    assert [problem.summary for problem in collected.problems] == [
        f"`package.include` has `{pattern}`, and nothing in `{folder}/` ships (litter)"
        for pattern, folder in (
            (".chalice/config.json", ".chalice"),
            ("node_modules/**", "node_modules"),
        )
    ]


@pytest.mark.parametrize("text", ["/etc/passwd", "../x", "a/../../b", "a\\b", "C:/x", "", "./"])
def test_a_pattern_that_leaves_the_project_is_a_problem(tmp_path, text):
    collected = collect_project(project(tmp_path), include=[text])

    assert codes(collected) == [("package-pattern", ".chalice/config.json", "error")]


@pytest.mark.parametrize(
    ("text", "matching", "others"),
    [
        ("*.json", ["a.json", ".json"], ["a/b.json", "ajson"]),
        ("**/*.json", ["a.json", "a/b/c.json"], ["a.jsonx"]),
        ("data", ["data", "data/a/b"], ["data2", "a/data"]),
        ("data/**", ["data/a", "data/a/b"], ["data"]),
        ("a/**/b", ["a/b", "a/x/y/b", "a/b/below"], ["ab", "a/xb"]),
        ("[ab]?.py", ["ax.py", "b-.py"], ["cx.py", "a/.py"]),
        ("[!a].py", ["b.py"], ["a.py", "/.py"]),
        ("[a-c]", ["b"], ["d", "-"]),
        ("a+(b).{x}", ["a+(b).{x}"], ["aab.x"]),
        ("[", ["["], ["a"]),
    ],
)
def test_patterns_match_as_documented(text, matching, others):
    pattern = compiled(text)

    assert [path for path in matching if not pattern.matches(path)] == []
    assert [path for path in others if pattern.matches(path)] == []


@given(st.text(st.sampled_from("ab*?[]!-/.^"), min_size=1, max_size=12))
def test_every_pattern_is_refused_or_matches_something(text):
    if problem(text, "include") is None:
        assert compiled(text).matches(text) in {True, False}


def test_litter_stays_out_of_every_folder(tmp_path):
    litter = [
        "chalicelib/__pycache__/a.cpython-313.pyc",
        "chalicelib/.git/config",
        "chalicelib/.DS_Store",
        "chalicelib/.a.py.swp",
        "chalicelib/a.py~",
        "chalicelib/#a.py#",
        "chalicelib/a.bak",
        "chalicelib/a.py.bak",
        "chalicelib/.coverage.host.1",
        "chalicelib/.env.example",
        "vendor/node_modules/left-pad/index.js",
        "vendor/.pytest_cache/x",
        "vendor/.env-example",
        "vendor/sample.env",
        "vendor/old/bin/activate",
        "vendor/old/bin/python",
        "vendor/conda/conda-meta/history",
        "vendor/env/pyvenv.cfg",
        "vendor/env/lib/site.py",
        "vendor/.chalice/config.json",
        "chalicelib/a.pyc",
    ]
    files = {**dict.fromkeys(litter, ""), "chalicelib/a.py": "", "vendor/sourceless.pyc": ""}

    collected = collect_project(project(tmp_path, files), include=["**/*.cfg"])

    assert paths(collected) == ["app.py", "chalicelib/a.py", "sourceless.pyc"]
    assert set(reasons(collected).values()) == {"litter"}
    assert {"node_modules/", "env/", "chalicelib/__pycache__/"} <= set(reasons(collected))
    assert [problem.code for problem in collected.problems] == ["package-pattern-idle"]


AWS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLE+9"
SECRET_NAMES = (
    *(".env-prod", ".env_prod", ".env2", ".envs", "prod.env", ".netrc.bak", ".npmrc.old"),
    *(".pypirc.bak", "id_rsa.1", "terraform.tfvars", "prod.auto.tfvars.json", ".s3cfg", ".boto"),
    *(".bash_history", ".python_history", "application_default_credentials.json"),
)


def der(start, size):
    """Return a structure in DER with *size* bytes behind its beginning, in hexadecimal."""
    content = bytes.fromhex(start + "0" * (len(start) % 2)) + b"\x07" * size
    length = len(content).to_bytes(2, "big") if len(content) > 255 else bytes([len(content)])
    return b"\x30" + (bytes([0x80 + len(length)]) if len(content) > 127 else b"") + length + content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".env", "A=1"),
        (".env.production", "A=1"),
        (".envrc", ""),
        (".netrc", ""),
        (".npmrc", ""),
        (".pypirc", ""),
        ("prod.tfstate", "{}"),
        ("prod.tfstate.backup", "{}"),
        ("id_rsa", ""),
        ("ID_ED25519", ""),
        ("server.p12", ""),
        ("server.PFX", ""),
        ("server.key", "anything"),
        ("server.pem", KEY),
        ("server.crt", CERTIFICATE + KEY),
        ("encrypted.pem", KEY.replace("PRIVATE", "ENCRYPTED PRIVATE")),
        (
            "old.pem",
            KEY.replace("PRIVATE", "RSA PRIVATE").replace(
                "KEY-----\nM", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES,0A\n\nM"
            ),
        ),
        ("account.json", json.dumps({"private_key": KEY})),
        ("settings.py", f'KEY = """{KEY}"""'),
        ("windows.txt", KEY.replace("\n", "\r\n")),
        ("late.txt", "x" * ((1 << 20) - 100) + KEY),
        *((name, "") for name in SECRET_NAMES),
        ("wide.txt", KEY.encode("utf-16")),
        ("wide.pem", KEY.encode("utf-16-be")),
        ("putty.txt", "PuTTY-User-Key-File-3: ssh-rsa\nPrivate-Lines: 14\n"),
        ("settings.ini", f"[default]\naws_secret_access_key = {AWS_KEY}\n"),
        ("settings.sh", f"export AWS_SECRET_ACCESS_KEY={AWS_KEY}\r\n"),
        ("quoted.py", f'AWS_SECRET_ACCESS_KEY = "{AWS_KEY}"\n'),
        ("typed.py", f"class S:\n    aws_secret_access_key: str | None = '{AWS_KEY}'  # x\n"),
        ("given.py", f"boto3.client('s3', aws_secret_access_key='{AWS_KEY}')\n"),
        ("set.py", f'os.environ["AWS_SECRET_ACCESS_KEY"] = "{AWS_KEY}"\n'),
        ("keys.json", json.dumps({"aws_secret_access_key": AWS_KEY})),
        ("within.json", json.dumps({"file": json.dumps({"AWS_SECRET_ACCESS_KEY": AWS_KEY})})),
        ("keys.yml", f"aws:\n  aws_secret_access_key: {AWS_KEY}\n"),
        ("keys.toml", f'aws_secret_access_key="{AWS_KEY}"\n'),
        ("pkcs8.bin", der("020100300d06092a864886f70d01010105000482", 1200)),
        ("ed25519", der("020101300506032b657004220420", 32)),
        ("pkcs8-encrypted", der("304e06092a864886f70d01050d3041", 1200)),
        ("pkcs1.dat", der("020100028201010", 1200)),
        ("curve", der("0201010420", 110)),
    ],
)
@pytest.mark.parametrize("folder", ["chalicelib", "vendor", "included"])
def test_a_secret_stops_the_command_unless_it_is_excluded_or_named(tmp_path, folder, name, content):
    path = f"{folder}/{name}"
    root = project(tmp_path, {path: content})
    include = ["included"] if folder == "included" else []

    found = collect_project(root, include=include)
    excluded = collect_project(root, include=include, exclude=[path])
    named = collect_project(root, include=include, named_secrets=[path])

    assert codes(found) == [("secret-in-package", path, "error")]
    assert path in found.problems[0].summary
    assert paths(found) == ["app.py"]
    assert set(reasons(found).values()) == {"secret"}
    assert (codes(excluded), paths(excluded)) == ([], ["app.py"])
    assert codes(named) == []
    assert len(named.files) == 2
    assert named.left_out == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cacert.pem", CERTIFICATE * 3),
        ("public.key", "-----BEGIN PUBLIC KEY-----\n" + BODY),
        ("ssh.py", 'START = b"-----BEGIN OPENSSH PRIVATE KEY-----"\nEND = b"-----END X"\n'),
        ("README.md", "put `-----BEGIN PRIVATE KEY-----` and your key here"),
        ("id_rsa.pub", "ssh-rsa AAAA"),
        ("environment.env.py", ""),
        ("keys.py", ""),
        ("env.py", ""),
        ("environments", ""),
        ("history", ""),
        ("credentials.json", "{}"),
        ("config.py", f"aws_secret_access_key = None\nkey = '{AWS_KEY}'\n"),
        ("client.py", f"make(\n    aws_secret_access_key={'key' * 9},\n)\n"),
        ("name.py", f"make(aws_secret_access_key={'k' * 40})\n"),
        ("hash.py", f'aws_secret_access_key_sha256 = "{"a" * 40}"\n'),
        ("long.py", f'aws_secret_access_key = "{"a" * 41}"\n'),
        ("docs.md", "Set `aws_secret_access_key = YOUR_KEY`"),
        ("putty.py", 'MARK = "PuTTY-User-Key-File-2: "'),
        ("certificate.der", der("308201a2a003020102", 1000)),
        ("public.der", der("300d06092a864886f70d01010105000382", 270)),
        ("cut.der", der("020100300d06092a864886f70d01010105000482", 1200)[:-1]),
    ],
)
def test_what_only_looks_like_a_secret_ships(tmp_path, name, content):
    collected = collect_project(project(tmp_path, {f"chalicelib/{name}": content}))

    assert codes(collected) == []
    assert paths(collected) == ["app.py", f"chalicelib/{name}"]


@pytest.mark.parametrize("name", [".aws", ".docker", ".env.d", ".env", ".envs"])
def test_a_folder_of_credentials_is_a_secret(tmp_path, name):
    collected = collect_project(project(tmp_path, {f"chalicelib/{name}/config": "x"}))

    assert codes(collected) == [("secret-in-package", f"chalicelib/{name}", "error")]
    assert reasons(collected) == {f"chalicelib/{name}/": "secret"}


def test_a_named_file_ships_from_where_nothing_else_does(tmp_path):
    files = {".env": "A=1", ".aws/config": "", "chalicelib/.git/config": ""}

    collected = collect_project(
        project(tmp_path, files), named_secrets=[".env", ".aws/config", "chalicelib/.git/config"]
    )

    assert paths(collected) == [".aws/config", ".env", "app.py", "chalicelib/.git/config"]
    assert collected.problems == ()


@given(st.binary(max_size=2000))
def test_random_bytes_are_no_key(data):
    assert not holds_private_key(data.replace(b"PRIVATE KEY", b""))


def test_a_link_inside_the_project_is_followed_in_silence(tmp_path):
    root = project(tmp_path, {"shared/a.py": "x = 1", "chalicelib/b.py": ""})
    (root / "chalicelib" / "shared").symlink_to("../shared")
    (root / "chalicelib" / "c.py").symlink_to("b.py")

    collected = collect_project(root)

    assert paths(collected) == [
        "app.py",
        "chalicelib/b.py",
        "chalicelib/c.py",
        "chalicelib/shared/a.py",
    ]
    assert collected.problems == ()


def test_a_link_that_leaves_the_project_is_announced(tmp_path):
    outside = tmp_path / "outside"
    (outside / "lib").mkdir(parents=True)
    (outside / "lib" / "a.py").write_text("")
    (outside / "one.py").write_text("")
    root = project(tmp_path / "project", {"chalicelib/b.py": ""})
    (root / "chalicelib" / "lib").symlink_to(outside / "lib")
    (root / "vendor").symlink_to(outside)

    collected = collect_project(root)

    assert paths(collected) == [
        "app.py",
        "chalicelib/b.py",
        "chalicelib/lib/a.py",
        "lib/a.py",
        "one.py",
    ]
    assert codes(collected) == [
        ("link-leaves-project", "chalicelib/lib", "warning"),
        ("link-leaves-project", "vendor", "warning"),
    ]
    assert str(outside / "lib") in collected.problems[0].summary


def test_of_links_behind_a_link_that_leaves_the_project_nothing_is_said(tmp_path):
    outside = tmp_path / "outside"
    (outside / "lib").mkdir(parents=True)
    (outside / "lib" / "a.py").write_text("")
    (outside / "b.py").symlink_to("lib/a.py")
    (outside / "more").symlink_to(outside / "lib")
    root = project(tmp_path / "project", {"chalicelib/b.py": ""})
    (root / "chalicelib" / "etc").symlink_to(outside)
    (root / "data").symlink_to(outside)

    collected = collect_project(root, include=["data/*.py", "data/lib/*.py"])

    assert codes(collected) == [
        ("link-leaves-project", "chalicelib/etc", "warning"),
        ("link-leaves-project", "data", "warning"),
    ]
    assert {"data/b.py", "data/lib/a.py", "chalicelib/etc/more/a.py"} < set(paths(collected))


def test_a_path_that_is_too_long_is_a_problem(tmp_path, monkeypatch):
    root = project(tmp_path, {"chalicelib/b.py": ""})
    monkeypatch.chdir(root / "chalicelib")
    for _ in range(60):
        name = "x" * 80
        os.mkdir(name)  # noqa: PTH102 - no absolute path leads there
        os.chdir(name)

    collected = collect_project(root)

    monkeypatch.undo()
    shutil.rmtree(root / "chalicelib" / name)
    ((code, where, severity),) = codes(collected)
    assert (code, severity) == ("file-unreadable", "error")
    assert where.startswith(f"chalicelib/{name}/{name}/")
    assert "File name too long" in collected.problems[0].summary


def test_what_is_named_in_a_wheel_of_the_project_is_no_idle_pattern(tmp_path):
    root = project(tmp_path, {"wh/x.whl": ""})

    collected = collect_project(root, named_secrets=["wh/x.whl/x/.env", "wh/y.whl/x/.env"])

    assert paths(collected) == ["app.py"]
    assert [problem.summary for problem in collected.problems] == [
        "`package.secrets` has `wh/y.whl/x/.env`, which matches no file"
    ]


def test_a_link_to_a_secret_elsewhere_is_a_secret(tmp_path):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "credentials").write_text("x")
    (tmp_path / "id_rsa").write_text("x")
    root = project(tmp_path / "project", {"chalicelib/b.py": ""})
    (root / "chalicelib" / "settings").symlink_to(tmp_path / ".aws" / "credentials")
    (root / "chalicelib" / "folder").symlink_to(tmp_path / ".aws")
    (root / "chalicelib" / "plain").symlink_to(tmp_path / "id_rsa")

    collected = collect_project(root)

    assert paths(collected) == ["app.py", "chalicelib/b.py"]
    assert {code for code, _, _ in codes(collected)} == {"secret-in-package"}
    assert len(collected.problems) == 3


def test_a_link_that_leads_nowhere_or_round_is_a_problem(tmp_path):
    root = project(tmp_path, {"chalicelib/b.py": ""})
    (root / "chalicelib" / "gone").symlink_to("nowhere")
    (root / "chalicelib" / "self").symlink_to("self")
    (root / "chalicelib" / "round").symlink_to(root / "chalicelib")
    (root / "chalicelib" / ".#b.py").symlink_to("user@host.123")

    collected = collect_project(root)

    assert codes(collected) == [
        ("link-dangling", "chalicelib/gone", "error"),
        ("link-cycle", "chalicelib/round", "error"),
        ("link-cycle", "chalicelib/self", "error"),
    ]
    assert collected.problems[2].summary == "`chalicelib/self` is a link that leads to itself"
    assert reasons(collected) == {"chalicelib/.#b.py": "litter"}


def test_what_is_no_file_is_a_problem_unless_it_does_not_ship(tmp_path, monkeypatch):
    root = project(tmp_path, {"chalicelib/b.py": "", "data/x.txt": ""})
    os.mkfifo(root / "chalicelib" / "fifo")
    os.mkfifo(root / "data" / "fifo")
    monkeypatch.chdir(root / "chalicelib")  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind("socket")

    collected = collect_project(root, include=["data/*.txt"])
    without = collect_project(root, exclude=["chalicelib/fifo", "chalicelib/socket"])

    assert [(problem.code, problem.summary) for problem in collected.problems] == [
        ("not-a-file", "`chalicelib/fifo` is a FIFO"),
        ("not-a-file", "`chalicelib/socket` is a socket"),
    ]
    assert without.problems == ()


@pytest.mark.skipif(is_root(), reason="permissions keep root out of nothing")
def test_what_cannot_be_read_is_a_problem(tmp_path):
    files = dict.fromkeys(["chalicelib/b.py", "chalicelib/c/x", "vendor/d/y.pyc", "vendor/d/z"], "")
    root = project(tmp_path, files)
    modes = {"chalicelib/b.py": 0, "chalicelib/c": 0, "vendor/d": 0o400}
    for name, mode in modes.items():
        (root / name).chmod(mode)

    collected = collect_project(root)
    without = collect_project(root, exclude=[*modes, "vendor/d/z"])

    for name in modes:
        (root / name).chmod(0o755)
    assert codes(collected) == [
        ("file-unreadable", "chalicelib/b.py", "error"),
        ("file-unreadable", "chalicelib/c", "error"),
        ("file-unreadable", "vendor/d/y.pyc", "error"),
        ("file-unreadable", "vendor/d/z", "error"),
    ]
    assert paths(without) == ["app.py"]
    assert {problem.severity for problem in without.problems} <= {"warning"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [(b"caf\xe9.txt", r"caf\xe9.txt"), (b"a\\b.txt", "a\\b.txt"), (b"a\nb", r"a\nb")],
    ids=["not UTF-8", "backslash", "line end"],
)
def test_a_name_that_is_none_in_an_archive_is_a_problem(tmp_path, name, shown):
    root = project(tmp_path, {"chalicelib/b.py": ""})
    (root / "chalicelib" / os.fsdecode(name)).write_text("")

    collected = collect_project(root)

    assert codes(collected) == [("file-name", f"chalicelib/{shown}", "error")]
    assert collected.problems[0].summary.encode()


def test_whatever_is_said_of_a_name_can_be_written(tmp_path):
    root = project(tmp_path / "project", {"chalicelib/b.py": ""})
    (tmp_path / "outside").mkdir()
    folder = root / "chalicelib" / os.fsdecode(b"\xe9")
    (folder / "__pycache__").mkdir(parents=True)
    (folder / ".ssh").mkdir()
    (folder / "link").symlink_to(tmp_path / "outside")
    (folder / "round").symlink_to(folder)
    (folder / "gone").symlink_to(os.fsdecode(b"\xff"))

    collected = collect_project(root, exclude=["chalicelib/*/excluded"])

    assert {problem.code for problem in collected.problems} == {
        "secret-in-package",
        "link-leaves-project",
        "link-cycle",
        "link-dangling",
        "package-pattern-idle",
    }
    for said in (*collected.problems, *collected.left_out):
        assert "".join(map(str, astuple(said))).encode()


def test_names_that_differ_only_in_case_are_announced(tmp_path):
    root = project(tmp_path, {"chalicelib/a.py": "", "chalicelib/A.py": ""})

    assert codes(collect_project(root)) == [("names-alike", "chalicelib/a.py", "warning")]


def test_a_program_is_one_by_its_mode_and_by_its_content(tmp_path):
    root = project(
        tmp_path, {"vendor/bin/a": b"\x7fELF", "vendor/bin/b": "#!/bin/sh", "vendor/c": "x"}
    )
    for name in ("vendor/bin/a", "vendor/c"):
        (root / name).chmod(0o700)

    collected = collect_project(root)

    assert [file.path for file in collected.files if file.executable] == ["bin/a"]
