"""`chalice package`: what it prints, whole, what it writes, and what it leaves when it cannot."""

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.bundle.bench import unpack_keeper
from tests.bundle.index import serve
from tests.bundle.wheels import make_wheel

from chalice import __version__
from chalice.definitions import yaml_text
from chalice.packaged.import_times import imports_of

APP = """
    from chalice import Chalice

    app = Chalice(app_name="shop")

    @app.route("/")
    def index():
        import alpha
        return {"alpha": alpha.NAME}

    @app.lambda_function()
    def report(event, context):
        return event
"""
PYTHON = f"python{sys.version_info[0]}.{sys.version_info[1]}"
TERRAFORM = (
    "Terraform is not written by this version of Chalice; leave `--pkg-format` out for a template"
    " of CloudFormation"
)
WRITTEN = "The template is in `out/sam.json`\n"
BUILT = f"Built for {PYTHON} on x86_64, stage `dev`\n{WRITTEN}"
SAME = f"Nothing changed since it was built for {PYTHON} on x86_64, stage `dev`\n{WRITTEN}"


@pytest.fixture(autouse=True)
def cache(tmp_path_factory, monkeypatch):
    """Keep what is kept between builds apart from that of other tests."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("CHALICE_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def index(tmp_path_factory, monkeypatch):
    """Serve an index with two packages, and have uv and pip know no other."""
    folder = tmp_path_factory.mktemp("index")
    make_wheel(folder, "alpha", "1.0", {"alpha/__init__.py": "NAME = 'a'\n"}, requires=["beta"])
    make_wheel(
        folder,
        "beta",
        "2.0",
        {"beta.py": "X = 1\n" * 999, "beta/tests/test_x.py": "def test_x(): pass\n"},
    )
    with serve(folder) as served:
        for name, value in served.environ().items():
            monkeypatch.setenv(name, value)
        yield served


@pytest.fixture
def shop(project, index, tmp_path):
    """A project with requirements."""
    project(APP)
    (tmp_path / "requirements.txt").write_text("alpha==1.0\nbeta==2.0\n")


def entries(tmp_path):
    with zipfile.ZipFile(tmp_path / "out" / "deployment.zip") as archive:
        return set(archive.namelist())


def hash_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_archive_is_written_and_described(chalice, shop, tmp_path):
    code, out, err = chalice("package", "out")

    archive = tmp_path / "out" / "deployment.zip"
    table, hashes, largest = out.split("\n\n")
    header, row = (line.split() for line in table.splitlines())
    assert code == 0
    assert header == ["ARCHIVE", "SIZE", "UNZIPPED", "FILES"]
    assert (row[0], row[-1]) == ("out/deployment.zip", str(len(entries(tmp_path))))
    assert hashes == f"{hash_of(archive)}  out/deployment.zip"
    assert [line.split("  ")[0] for line in largest.splitlines()] == [
        "LARGEST",
        "chalice (runtime)",
        "beta 2.0",
        "the project",
        "alpha 1.0",
    ]
    assert err == BUILT
    assert {"app.py", "alpha/__init__.py", "beta.py", "chalice/app.py"} < entries(tmp_path)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"deployment.zip", "sam.json"}


def test_nothing_is_built_where_nothing_changed(chalice, shop, tmp_path):
    _, first, _ = chalice("package", "out")
    before = (tmp_path / "out" / "deployment.zip").stat()

    code, again, err = chalice("package", "out")

    assert (code, again, err) == (0, first, SAME)
    assert (tmp_path / "out" / "deployment.zip").stat().st_mtime_ns == before.st_mtime_ns


def edit_app(tmp_path):
    path = tmp_path / "app.py"
    path.write_text(path.read_text() + "# edited\n")


def edit_config(tmp_path):
    (tmp_path / ".chalice").mkdir()
    (tmp_path / ".chalice" / "config.json").write_text('{"package": {"prune": false}}')


def edit_archive(tmp_path):
    with (tmp_path / "out" / "deployment.zip").open("r+b") as file:
        file.seek(100)
        file.write(b"\0\0\0")


def remove_archive(tmp_path):
    (tmp_path / "out" / "deployment.zip").unlink()


def edit_requirements(tmp_path):
    (tmp_path / "requirements.txt").write_text("beta==2.0\nalpha==1.0\n# other lines\n")


@pytest.mark.parametrize(
    "change", [edit_app, edit_config, edit_archive, remove_archive, edit_requirements]
)
def test_whatever_changes_is_built_again(chalice, shop, tmp_path, change):
    chalice("package", "out")
    change(tmp_path)

    code, _, err = chalice("package", "out")

    assert (code, err) == (0, BUILT)
    assert hash_of(tmp_path / "out" / "deployment.zip") in chalice("package", "out")[1]


def test_an_application_that_does_not_load_any_more_is_told_though_it_was_built(
    chalice, project, tmp_path
):
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / "__init__.py").write_text("import json\n")
    project("import chalicelib\n" + "from chalice import Chalice\napp = Chalice(app_name='a')\n")
    chalice("package", "out")
    (tmp_path / "chalicelib" / "__init__.py").write_text("import jsn\n")

    code, out, err = chalice("package", "out")

    assert (code, out) == (1, "")
    assert "No module named 'jsn'" in err


def test_the_environment_counts(chalice, project, monkeypatch):
    project("import os\nfrom chalice import Chalice\napp = Chalice(app_name=os.environ['NAME_'])\n")
    monkeypatch.setenv("NAME_", "one")
    chalice("package", "out")
    monkeypatch.delenv("NAME_")

    code, _, err = chalice("package", "out")

    assert code == 1
    assert "KeyError" in err


def test_the_report_is_a_tree_and_says_what_was_left_out(chalice, shop):
    code, out, _ = chalice("package", "out", "--report")

    tree, left_out = out.split("\n\n")[2:]
    assert code == 0
    assert [line.split("  ")[0] for line in tree.splitlines() if line[:3].strip()][:2] == [
        "SHIPS",
        "deployment.zip",
    ]
    assert "  the project" in tree
    assert "    chalice/" in tree
    rows = [re.split(r" {2,}", line) for line in left_out.splitlines()]
    assert rows[0] == ["LEFT OUT", "FROM", "SIZE", "FILES", "SUCH AS"]
    assert ["tests", "beta 2.0", "19 B", "1", "beta/tests/test_x.py"] in rows


def test_json_has_all_of_it(chalice, shop, tmp_path):
    code, out, err = chalice("package", "out", "--json", "--report")

    facts = json.loads(out)
    [archive] = facts["archives"]
    assert (code, err) == (0, "")
    assert (facts["runtime"], facts["architecture"], facts["stage"]) == (PYTHON, "x86_64", "dev")
    assert facts["changed"] is True
    assert archive["sha256"] == hash_of(tmp_path / "out" / "deployment.zip")
    assert {entry["path"] for entry in archive["entries"]} == entries(tmp_path)
    assert [(item["name"], item["where"]) for item in facts["requirements"]] == [
        ("alpha", "requirements.txt:1"),
        ("beta", "requirements.txt:2"),
    ]
    assert ["beta/tests/test_x.py"] in [item.get("paths") for item in facts["left_out"]]
    assert facts["warnings"] == []


def test_without_the_report_json_counts_files(chalice, shop):
    facts = json.loads(chalice("package", "out", "--json")[1])

    assert "entries" not in facts["archives"][0]
    assert all("paths" not in item for item in facts["left_out"])


def test_what_ships_is_listed_as_cyclonedx(chalice, shop, tmp_path):
    code, _, _ = chalice("package", "out", "--sbom", "bom.json")
    first = (tmp_path / "bom.json").read_bytes()
    chalice("package", "out", "--sbom", "bom.json")

    document = json.loads(first)
    assert code == 0
    assert first == (tmp_path / "bom.json").read_bytes()
    assert (tmp_path / "bom.json").stat().st_mode == (tmp_path / "app.py").stat().st_mode
    assert not list(tmp_path.glob(".part-*"))
    assert [item["name"] for item in document["components"]] == ["chalice", "alpha", "beta"]
    assert document["components"][0]["version"] == __version__


def test_the_list_goes_to_stdout_alone(chalice, shop):
    code, out, _ = chalice("package", "out", "--sbom", "-")

    assert code == 0
    assert json.loads(out)["bomFormat"] == "CycloneDX"


def test_with_a_layer_there_are_two_archives(chalice, project, index, tmp_path):
    project(APP, '{"automatic_layer": true}')
    (tmp_path / "requirements.txt").write_text("alpha\nbeta\n")

    code, out, _ = chalice("package", "out")
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    (tmp_path / ".chalice" / "config.json").write_text("{}")
    chalice("package", "out")

    assert code == 0
    assert names == ["deployment.zip", "layer-deployment.zip", "sam.json"]
    assert "out/layer-deployment.zip" in out
    # Nobody is to publish a layer that goes with other code.
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"deployment.zip", "sam.json"}


def test_an_archive_of_an_earlier_build_is_no_part_of_the_next(chalice, project, tmp_path):
    app = "from chalice import Chalice\napp = Chalice(app_name='a')\n"
    app += "@app.route('/')\ndef index(): ...\n"
    project(app, '{"package": {"include": ["out/**", "data.txt"]}}')
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    (tmp_path / "data.txt").write_text("data")
    chalice("package", "out")
    first = hash_of(tmp_path / "out" / "deployment.zip")
    edit_app(tmp_path)
    chalice("package", "out")
    (tmp_path / "app.py").write_text(app)
    chalice("package", "out")

    assert {"out/notes.txt", "data.txt"} < entries(tmp_path)
    assert not {"out/deployment.zip", "out/sam.json"} & entries(tmp_path)
    assert hash_of(tmp_path / "out" / "deployment.zip") == first


# --- what cannot be packaged -----------------------------------------------------------------


def test_problems_of_the_application_are_told_and_nothing_is_written(chalice, project, tmp_path):
    project("from chalice import Chalice\napp = Chalice(app_name='a b')\n", '{"xray": 1}')

    code, out, err = chalice("package", "out")

    assert (code, out) == (1, "")
    assert "[config-type]" in err
    assert "[app-name]" in err
    assert err.endswith("Error: 2 problems\n")
    assert not (tmp_path / "out").exists()


def test_problems_are_json_where_that_is_asked_for(chalice, project, tmp_path):
    project(APP)
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / ".env").write_text("PASSWORD=x\n")

    code, out, err = chalice("package", "out", "--json")

    (problem,) = json.loads(out)["problems"]
    assert (code, err) == (1, "")
    assert (problem["code"], problem["where"]) == ("secret-in-package", "chalicelib/.env")


def test_names_do_not_write_on_the_terminal(chalice, project, tmp_path):
    project(APP)
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / "a\x1b[31m\nb").write_text("")
    (tmp_path / "chalicelib" / "words\x9b~").write_text("")
    (tmp_path / "chalicelib" / "words\x9b").write_text("")

    refused = chalice("package", "out")
    (tmp_path / "chalicelib" / "a\x1b[31m\nb").unlink()
    reported = chalice("package", "out", "--report")
    listed = chalice("package", "out", "--report", "--json")

    assert json.loads(listed[1])["archives"]
    assert all(text.isprintable() for text in listed[1].split("\n"))
    assert (refused[0], reported[0]) == (1, 0)
    assert r"chalicelib/a\x1b[31m\nb: " in refused[2]
    assert r"words\x9b~" in reported[1]
    assert all(text.isprintable() for text in "".join(refused[1:] + reported[1:]).split("\n"))


def test_problems_of_files_and_of_requirements_are_told_together(chalice, project, index, tmp_path):
    project(APP)
    (tmp_path / "requirements.txt").write_text("alpha\nno-such-package==1.0\n")
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / ".env").write_text("PASSWORD=x\n")
    os.mkfifo(tmp_path / "chalicelib" / "queue")

    code, out, err = chalice("package", "out")

    assert (code, out) == (1, "")
    assert "requirements.txt:2: " in err
    assert "no-such-package" in err
    assert "chalicelib/queue" in err
    assert not (tmp_path / "out").exists()


def test_what_the_inspection_finds_keeps_the_earlier_archive(chalice, shop, tmp_path):
    chalice("package", "out")
    before = hash_of(tmp_path / "out" / "deployment.zip")
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / "later.py").write_text("\nimport nowhere_to_be_found\n")

    code, out, err = chalice("package", "out")

    assert (code, out) == (1, "")
    assert "chalicelib/later.py:2: " in err
    assert "nowhere_to_be_found" in err
    assert hash_of(tmp_path / "out" / "deployment.zip") == before
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"deployment.zip", "sam.json"}


def test_a_python_that_lambda_does_not_have_is_told_with_its_line(chalice, project):
    project(APP, '{\n  "lambda_python_version": "3.10"\n}')

    assert chalice("package", "out") == (
        1,
        "",
        (
            ".chalice/config.json:2: `lambda_python_version` is `3.10` [config-value]\n"
            "    write `3.11`; it takes one of `3.11`, `3.12`, `3.13`, `3.14`\n"
            "Error: 1 problem\n"
        ),
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(chalice, shop, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)

    code, out, err = chalice("package", "locked")

    assert (code, out) == (1, "")
    assert err.startswith("Error: Cannot write the package: ")
    assert "Permission denied" in err
    assert "Make that folder writable, or run the command in a copy of the project" in err


def test_a_folder_that_cannot_be_made_is_told(chalice, shop, tmp_path):
    (tmp_path / "file").write_text("")

    assert chalice("package", "file/out") == (
        1,
        "",
        f"Error: Cannot write the package: `{tmp_path}/file/out`: Not a directory\n",
    )


def test_a_list_that_cannot_be_written_is_told(chalice, shop, tmp_path):
    (tmp_path / "file").write_text("")

    code, _, err = chalice("package", "out", "--sbom", "file/bom.json")

    assert code == 1
    assert err.endswith("Error: Cannot write `file/bom.json`: Not a directory\n")


def test_the_list_is_written_into_what_is_no_file_and_through_links(chalice, shop, tmp_path):
    (tmp_path / "link.json").symlink_to("real.json")
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)

    codes = [chalice("package", "out", "--sbom", name)[0] for name in ("link.json", "pipe")]

    piped = os.read(reader, 1 << 16)
    os.close(reader)
    assert codes == [0, 0]
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "pipe").is_fifo()
    assert json.loads((tmp_path / "real.json").read_bytes()) == json.loads(piped)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux has this device")
def test_a_list_that_a_device_does_not_take_is_told(chalice, shop):
    code, _, err = chalice("package", "out", "--sbom", "/dev/full")

    assert code == 1
    assert err.endswith("Error: Cannot write `/dev/full`: No space left on device\n")
    assert stat.S_ISCHR(Path("/dev/full").stat().st_mode)


@pytest.mark.parametrize("name", ["app.py", "./out/../app.py", "out/deployment.zip"])
def test_a_list_does_not_take_the_place_of_what_ships(chalice, shop, tmp_path, name):
    app = (tmp_path / "app.py").read_bytes()

    code, _, err = chalice("package", "out", "--sbom", name)

    assert code == 1
    assert err.endswith(
        f"Error: Cannot write `{name}`: it is a part of the package; name another file\n"
    )
    assert (tmp_path / "app.py").read_bytes() == app
    assert zipfile.is_zipfile(tmp_path / "out" / "deployment.zip")


def test_a_list_does_not_take_the_place_of_what_the_package_is_made_from(
    chalice, shop, tmp_path, monkeypatch
):
    wheel = make_wheel(tmp_path / "wh", "own", "1.0", {"own.py": ""})
    unpack_keeper(tmp_path / "lib", {"__init__.py": ""})
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    files = {
        "requirements.txt": f"-r more/in.txt\n./wh/{wheel.name}\n./lib\n",
        **dict.fromkeys(("more/in.txt", "uv.toml", "pip.conf", ".chalice/policy-dev.json"), ""),
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    names = [*files, f"wh/{wheel.name}", ".chalice/config.json", "lib/bom.json", "pyproject.toml"]
    before = {name: content_of(tmp_path / name) for name in names}

    results = [chalice("package", "out", "--sbom", name) for name in names]

    assert [code for code, _, _ in results] == [1] * len(names)
    assert [err.rpartition("Error: ")[2] for _, _, err in results] == [
        f"Cannot write `{name}`: the package is made from it; name another file\n" for name in names
    ]
    assert {name: content_of(tmp_path / name) for name in names} == before


def content_of(path):
    return path.read_bytes() if path.exists() else None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--budget", "50"), "A budget is for `--check-start`"),
        (("--budget-modules", "5"), "A budget is for `--check-start`"),
        *(
            (
                ("--check-start", "--budget", value),
                f"`--budget {value}` is not a number of milliseconds; write one above 0",
            )
            for value in ("nan", "inf", "1e400", "0", "-1", "soon")
        ),
        (("--sbom", "-", "--json"), "`--sbom -` takes all of stdout; name a file"),
        (("--sbom", "-", "--check-start"), "`--sbom -` takes all of stdout; name a file"),
        (
            ("--pkg-format", "terraform"),
            TERRAFORM,
        ),
    ],
)
def test_a_wrong_use_is_told(chalice, shop, tmp_path, arguments, message):
    assert chalice("package", "out", *arguments) == (
        2,
        "",
        f"Error: {message}\n`chalice package --help` lists what there is\n",
    )
    assert not (tmp_path / "out").exists()


def test_the_folder_is_not_guessed(chalice, shop):
    code, _, err = chalice("package")

    assert (code, err) == (
        2,
        "Error: Missing argument 'OUT'.\n`chalice package --help` lists what there is\n",
    )


def test_everything_may_go_into_one_file(chalice, shop, tmp_path):
    code, out, _ = chalice("package", "build/all.zip", "--single-file", "--json")
    first = (tmp_path / "build" / "all.zip").read_bytes()
    chalice("package", "build/all.zip", "--single-file")

    with zipfile.ZipFile(tmp_path / "build" / "all.zip") as archive:
        names = archive.namelist()
        template = json.loads(archive.read("sam.json"))
    assert (code, names) == (0, ["sam.json", "deployment.zip"])
    assert json.loads(out)["template"] == "build/all.zip"
    assert json.loads(out)["archives"][0]["path"] == "build/all.zip/deployment.zip"
    assert template["Resources"]["Report"]["Properties"]["Code"] == "./deployment.zip"
    assert (tmp_path / "build" / "all.zip").read_bytes() == first
    assert (tmp_path / "build" / "all.zip").stat().st_mode == (tmp_path / "app.py").stat().st_mode
    assert [path.name for path in (tmp_path / "build").iterdir()] == ["all.zip"]


@pytest.mark.parametrize(
    ("out", "options", "message"),
    [
        ("a_file", (), "OUT is the file `a_file`; name a folder"),
        (
            "a_folder",
            ("--single-file",),
            "OUT is the folder `a_folder`; `--single-file` takes the name of a zip",
        ),
    ],
)
def test_a_place_of_the_wrong_kind_is_told(chalice, shop, tmp_path, out, options, message):
    (tmp_path / "a_file").write_text("mine")
    (tmp_path / "a_folder").mkdir()

    code, _, err = chalice("package", out, *options)

    assert (code, err.splitlines()[0]) == (2, f"Error: {message}")


def test_templates_are_merged_and_yaml_makes_yaml(chalice, shop, tmp_path):
    (tmp_path / "one.yaml").write_text(
        "Resources:\n  APIHandler: {Properties: {MemorySize: 512, Role: !Ref Mine}}\n"
    )
    (tmp_path / "two.json").write_text('{"Parameters": {"Mine": {"Type": "String"}}}')

    code, _, err = chalice(
        "package", "out", "--merge-template", "one.yaml", "--merge-template", "two.json"
    )

    template = yaml_text.load((tmp_path / "out" / "sam.yaml").read_text())
    handler = template["Resources"]["APIHandler"]["Properties"]
    assert (code, err.splitlines()[-1]) == (0, "The template is in `out/sam.yaml`")
    assert (handler["MemorySize"], handler["Role"]) == (512, {"Ref": "Mine"})
    assert template["Parameters"] == {"Mine": {"Type": "String"}}


def test_the_form_may_be_named(chalice, shop, tmp_path):
    (tmp_path / "one.yaml").write_text("Description: mine\n")

    chalice("package", "out", "--merge-template", "one.yaml", "--template-format", "json")

    assert json.loads((tmp_path / "out" / "sam.json").read_text())["Description"] == "mine"


def test_a_merge_that_does_not_fit_is_told_before_anything_is_built(chalice, shop, tmp_path):
    (tmp_path / "mine.yaml").write_text("Resources:\n  APIHandler:\n    Properties: [1]\n")

    code, out, err = chalice("package", "out", "--merge-template", "mine.yaml")

    assert (code, out) == (1, "")
    assert err == (
        "mine.yaml:3: `Resources.APIHandler.Properties` is a list here and an object in the"
        " template, from app.py:3 [merge-type]\n"
        "    write an object\n"
        "Error: 1 problem\n"
    )
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_deployed_is_told_before_anything_is_built(chalice, project, tmp_path):
    domain = '{"domain_name": "a.example", "certificate_arn": "%s"}'
    arn = "arn:aws:acm:eu-west-1:123456789012:certificate/c"
    project(APP, f'{{"api_gateway_custom_domain": {domain % arn}}}')

    for _ in range(2):
        code, out, err = chalice("package", "out")

        assert (code, out) == (1, "")
        assert err.startswith(".chalice/config.json:1: the certificate of `a.example` is in")
        assert not (tmp_path / "out").exists()


def test_where_nothing_changed_neither_application_nor_tools_are_loaded(shop, tmp_path):
    command = [sys.executable, "-X", "importtime", "-m", "chalice.cli.main", "package", "out"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)

    again = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True, text=True)

    loaded = {item.name for item in imports_of(again.stderr)}
    assert again.stderr.endswith(SAME)
    assert "chalice.packaged.package" in loaded
    assert loaded.isdisjoint(
        {
            *("app", "alpha", "chalice.app", "chalice.project", "chalice.config", "chalice.iam"),
            *(
                "chalice.bundle.assembly.assemble",
                "chalice.bundle.inspection.inspect",
                "chalice.emulator",
            ),
            *("asyncio", "aiohttp", "rich", "zipfile", "packaging", "importlib.metadata"),
        }
    )


def test_of_each_place_the_last_build_is_kept(chalice, shop, tmp_path, cache):
    for _ in range(3):
        chalice("package", "out")
        edit_app(tmp_path)
    chalice("package", "elsewhere")

    assert len([path for path in (cache / "package" / "built").rglob("*") if path.is_file()]) == 2
