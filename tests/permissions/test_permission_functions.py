"""What one function of Lambda may do: what is reached from it, and what it hands to others."""

import time
from textwrap import dedent

import pytest

from chalice.permissions import functions, of_functions, policy_of, read

HEAD = """
    import boto3, other
    from chalice import Chalice
    from concurrent.futures import ThreadPoolExecutor

    app = Chalice(app_name="x")
    s3 = boto3.client("s3")

    def get(bucket):
        return s3.get_object(Bucket=bucket, Key="k")

    @app.lambda_function()
    def quiet(event, context):
        get("quiet")
"""

HANDED_ON = {
    "a function to a pool": """
        def work(n):
            get("found")

        @app.route("/")
        def index():
            ThreadPoolExecutor().submit(work, 1)
    """,
    "a function to a package": """
        def work(n):
            get("found")

        @app.route("/")
        def index():
            other.run(work)
    """,
    "an object whose class a package calls": """
        class Parser(other.Base):
            def data(self, text):
                get("found")

        @app.route("/")
        def index():
            Parser().feed("x")
    """,
    "an object of a class of its own": """
        class Watcher:
            def on_event(self, event):
                get("found")

        @app.route("/")
        def index():
            other.watch(Watcher())
    """,
    "a function of a function": """
        @app.route("/")
        def index():
            def inner():
                get("found")
            other.run(inner)
    """,
    "a name in a text": """
        def work():
            get("found")

        @app.route("/")
        def index():
            globals()["work"]()
    """,
    "what is decorated, by its name": """
        @other.retry
        def work():
            get("found")

        @app.route("/")
        def index():
            work()
    """,
}

FOR_ALL = {
    "a class that a package registers": """
        class Plugin(other.Base):
            def run(self):
                get("found")
    """,
    "what a package decorates": """
        @other.task
        def work():
            get("found")
    """,
    "what the module hands on": """
        def work(n):
            get("found")

        other.register(work)
    """,
    "what the module hands on and a function calls": """
        def work(n):
            get("found")

        def elsewhere(event):
            work(1)

        other.HANDLERS["work"] = [work]
    """,
    "what the module does": """
        get("found")
    """,
    "middleware": """
        @app.middleware("all")
        def audit(event, get_response):
            get("found")
            return get_response(event)
    """,
    "a function that is registered under a name": """
        def late(event, context):
            get("found")

        app.lambda_function(name="late")(late)
    """,
}


def buckets(reading):
    return sorted(
        resource.rpartition(":")[2].removesuffix("/k")
        for statement in policy_of(reading).statements
        for resource in statement.resources
    )


def reading_of(text):
    return read({"app.py": (dedent(HEAD) + dedent(text)).encode()}, {})


@pytest.mark.parametrize("text", HANDED_ON.values(), ids=HANDED_ON)
def test_what_a_function_hands_on_counts_for_it_alone(text):
    reading = reading_of(text)

    assert buckets(of_functions(reading, ("api_handler",))) == ["found"]
    assert buckets(of_functions(reading, ("quiet",))) == ["quiet"]


@pytest.mark.parametrize("text", FOR_ALL.values(), ids=FOR_ALL)
def test_what_is_handed_on_at_import_counts_for_all(text):
    reading = reading_of(text)

    assert buckets(of_functions(reading, ("quiet",))) == ["found", "quiet"]


def test_what_nobody_mentions_counts_for_none_of_them():
    reading = reading_of("""
        def forgotten():
            get("forgotten")

        @app.route("/")
        def index():
            get("index")
    """)

    assert functions(reading) == ("quiet", "api_handler")
    assert buckets(reading) == ["forgotten", "index", "quiet"]
    assert buckets(of_functions(reading, functions(reading))) == ["index", "quiet"]


def test_roles_of_many_functions_take_no_longer_than_the_reading():
    app = "import chalicelib.work\nfrom chalice import Chalice\napp = Chalice(app_name='x')\n"
    entry = "@app.lambda_function()\ndef f{0}(event, context): chalicelib.work.g{0}(event)\n"
    body = "def g{0}(x):\n    y = [a for a in x if a]\n    return {{'a': y, 'b': 'text {0}'}}\n"
    files = {
        "app.py": (app + "".join(entry.format(i) for i in range(150))).encode(),
        "chalicelib/__init__.py": b"",
        "chalicelib/work.py": "".join(body.format(i) for i in range(1500)).encode(),
    }
    began = time.process_time()
    reading = read(files, {})
    read_in = time.process_time() - began

    began = time.process_time()
    for name in functions(reading):
        of_functions(reading, (name,))

    # The whole program looked through for each would be ten times as long.
    assert time.process_time() - began < 3 * read_in


REGISTERED = {
    "app.py": b"""
import boto3
from chalice import Chalice
from chalicelib.parts import parts

app = Chalice(app_name="x")
app.register_blueprint(parts, %b)

@app.lambda_function()
def own(event, context):
    boto3.client("sns").publish(TopicArn="t")
""",
    "chalicelib/parts.py": b"""
import boto3
from chalice import Blueprint

parts = Blueprint(__name__)

@parts.lambda_function(name="told")
def tell(event, context):
    boto3.client("s3").get_object(Bucket="b", Key="k")

@parts.route("/")
def index():
    pass
""",
}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (b"name_prefix='pre_'", "pre_told"),
        (b"'pre_', '/url'", "pre_told"),
        (b"url_prefix='/url'", "told"),
        (b"name_prefix=None", "told"),
        (b"name_prefix=input()", "told"),
    ],
)
def test_a_function_of_a_blueprint_is_called_as_it_is_registered(given, name):
    reading = read({path: data.replace(b"%b", given) for path, data in REGISTERED.items()}, {})

    policy = policy_of(of_functions(reading, (name,)))

    assert set(functions(reading)) == {"own", name, "api_handler"}
    assert [item.actions for item in policy.statements] == [("s3:GetObject",)]
