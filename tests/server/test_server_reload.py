"""A project served as it is edited: edits, errors, mended errors; nobody is refused."""

import threading

import pytest
from tests.projects import application, write_project
from tests.server.raw_client import RawClient
from tests.server.serving import local_project

from chalice.diagnostics import InvalidApp
from chalice.server.records import Answered, Broken, FunctionLog, Reloaded, Serving


def saying(word):
    return application(f"""
        from chalicelib import data
        @app.route("/")
        def index():
            return {{"word": "{word}", "data": data.VALUE}}
        @app.route("/sleep/{{seconds}}")
        def sleep(seconds):
            import time
            time.sleep(float(seconds))
            return {{"word": "{word}"}}
    """)


@pytest.fixture
def project(tmp_path):
    files = {"chalicelib/__init__.py": "", "chalicelib/data.py": "VALUE = 1\n"}
    directory = write_project(tmp_path / "demo", saying("one"), {"app_name": "demo"}, files)
    with local_project(directory) as project:
        yield project


def says(text):
    return lambda answer: text.encode() in answer.body


def test_edits_are_served_and_nobody_is_refused(project):
    before = project.get()

    project.edit("app.py", saying("two"))
    seen = project.eventually(says("two"))

    assert b"one" in before.body
    assert {answer.status for answer in seen} == {200}
    assert project.records.wait_for(Reloaded)[0].files == ("app.py",)


def test_an_edit_of_a_module_of_the_application_is_served(project):
    project.edit("chalicelib/data.py", "VALUE = 2\n")

    seen = project.eventually(says('"data":2'))

    assert {answer.status for answer in seen} == {200}


def test_a_folder_that_is_moved_away_and_back_is_noticed(project):
    folder = project.directory / "chalicelib"
    project.edit("app.py", saying("watched"))
    project.eventually(says("watched"))

    folder.rename(project.directory / "elsewhere")
    gone = project.eventually(lambda answer: answer.status == 502)
    (project.directory / "elsewhere").rename(folder)
    back = project.eventually(lambda answer: answer.status == 200)

    assert (gone[-1].status, back[-1].status) == (502, 200)


def test_many_edits_in_a_row_end_with_the_last(project):
    for word in ("a", "b", "c", "d", "e"):
        project.edit("app.py", saying(word))
        project.get()

    seen = project.eventually(says('"e"'))

    assert {answer.status for answer in seen} == {200}


def test_a_request_that_began_before_an_edit_ends_with_the_old_code(project):
    with project.client() as client, project.client() as other:
        other.send(f"GET /sleep/1 HTTP/1.1\r\nHost: {other.host}\r\n\r\n".encode())
        project.edit("app.py", saying("two"))
        while b"two" not in client.get().body:
            pass

        old = other.answer()

    assert (old.status, old.body) == (200, b'{"word":"one"}')


def test_requests_on_many_connections_survive_an_edit(project):
    stop = threading.Event()
    statuses = []

    def ask():
        with project.client() as client:
            while not stop.is_set():
                statuses.append(client.get().status)

    askers = [threading.Thread(target=ask) for _ in range(8)]
    for asker in askers:
        asker.start()

    project.edit("app.py", saying("two"))
    project.eventually(says("two"))
    stop.set()
    for asker in askers:
        asker.join()

    assert len(statuses) > 8
    assert set(statuses) == {200}


def test_an_edit_with_an_error_is_shown_once_and_answered_502_until_mended(project):
    project.edit("app.py", "def broken(:\n")
    seen = project.eventually(lambda answer: answer.status == 502)
    project.get()
    broken = project.records.of(Broken)
    project.records.wait_for(Answered, len(seen) + 1)
    reasons = [item.reason for item in project.records.of(Answered) if item.status == 502]
    project.edit("app.py", saying("mended"))
    project.eventually(says("mended"))

    assert seen[-1].body == b'{"message": "Internal server error"}'
    assert seen[-1].header("x-amzn-ErrorType") == "InternalServerErrorException"
    assert [record.edited for record in broken] == [True]
    assert "app.py:1" in str(broken[0].problems[0])
    assert len(reasons) == 2
    assert all("app.py:1" in reason for reason in reasons)


def test_an_application_that_ends_its_process_when_imported_is_an_error(project):
    project.edit("app.py", "import os\nos._exit(7)\n")
    project.eventually(lambda answer: answer.status == 502)
    project.edit("app.py", saying("mended"))

    project.eventually(says("mended"))

    assert "exit status 7" in project.records.of(Broken)[0].problems[0].summary


def test_an_application_that_hangs_when_imported_does_not_stop_the_server(project):
    project.edit("app.py", "import time\ntime.sleep(600)\n")
    still = project.get()
    project.edit("app.py", saying("two"))

    seen = project.eventually(says("two"))

    assert still.status == 200
    assert {answer.status for answer in seen} == {200}


def test_an_edit_of_the_configuration_is_served(project):
    variables = '{"app_name": "demo", "environment_variables": {"WORD": "set"}}'
    project.edit(".chalice/config.json", variables)
    text = application(
        "import os\nWORD = os.environ['WORD']\n@app.route('/')\ndef f(): return WORD"
    )
    project.edit("app.py", text)

    project.eventually(lambda answer: answer.body == b"set")


def test_an_error_in_the_configuration_is_shown_with_its_place(project):
    project.edit(".chalice/config.json", '{"app_name": "demo",\n "lambda_timout": 3}')
    project.eventually(lambda answer: answer.status == 502)

    assert ".chalice/config.json:2" in str(project.records.of(Broken)[0].problems[0])


def test_files_that_do_not_matter_are_ignored(project):
    for name in ("README.md", ".git/x.py", "venv/x.py", "app.py~", "__pycache__/app.pyc"):
        project.edit(name, "x")
    project.edit("app.py", saying("two"))
    project.eventually(says("two"))

    files = [record.files for record in project.records.wait_for(Reloaded)]
    assert files == [("app.py",)]


def test_what_authorizers_said_is_forgotten_after_an_edit(tmp_path):
    def letting(effect):
        routes = "['*']" if effect == "in" else "[]"
        return application(f"""
            @app.authorizer()
            def guard(request):
                return AuthResponse({routes}, "me")
            @app.route("/", authorizer=guard)
            def index():
                return "in"
        """)

    with local_project(write_project(tmp_path / "demo", letting("in"))) as project:
        token = [("Authorization", "token")]
        before = project.get("/", token)
        project.edit("app.py", letting("nobody"))
        project.records.wait_for(Reloaded)

        after = project.get("/", token)

    assert (before.status, after.status) == (200, 403)


def test_a_project_that_cannot_be_served_at_first_is_refused_with_its_problems(tmp_path):
    directory = write_project(tmp_path / "demo", application("@app.route('/a/')\ndef f(): pass"))

    with pytest.raises(InvalidApp) as caught, local_project(directory):
        pass

    assert caught.value.problems[0].where == "app.py:3"


def test_an_api_key_is_made_where_routes_ask_for_one(tmp_path):
    text = application("@app.route('/', api_key_required=True)\ndef f(): return {}")
    with local_project(write_project(tmp_path / "demo", text)) as project:
        key = project.records.of(Serving)[0].api_key
        project.edit("app.py", text + "\n")
        project.records.wait_for(Reloaded)

        answers = [project.get("/", [("x-api-key", value)]).status for value in (key, "another")]

    assert answers == [200, 403]


def test_hosts_that_the_project_configures_are_known(tmp_path):
    config = {"app_name": "demo", "local": {"allow_hosts": ["app.test"]}}
    text = application("@app.route('/')\ndef f(): return {}")
    directory = write_project(tmp_path / "demo", text, config)
    with local_project(directory, hosts=("given.test",)) as project:
        statuses = []
        for host in ("app.test", "given.test:8000", "other.test"):
            with RawClient(project.url) as client:
                statuses.append(client.request("GET", "/", host=host).status)

    assert statuses == [200, 200, 421]


def test_what_a_function_raises_is_logged(tmp_path):
    text = application("""
        @app.authorizer()
        def guard(request):
            raise ValueError("no idea")
        @app.route("/", authorizer=guard)
        def index():
            return "in"
    """)
    with local_project(write_project(tmp_path / "demo", text)) as project:
        answer = project.get("/", [("Authorization", "x")])
        entry = project.records.wait_for(FunctionLog)[0].text

    assert (answer.status, answer.body) == (500, b'{"message":null}')
    assert entry.startswith("[ERROR] ValueError: no idea\nTraceback")
    assert 'app.py", line 5, in guard' in entry
