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
    "a wrapper that is put into a registry": """
        REGISTRY = []

        def registered(fn):
            def wrapper(*args):
                return fn(*args)
            REGISTRY.append(wrapper)
            return wrapper

        @app.lambda_function()
        @registered
        def job(event, context):
            get("found")
    """,
    "a wrapper that is kept in a tuple": """
        REGISTRY = ()

        def registered(fn):
            global REGISTRY
            def wrapper(*args):
                return fn(*args)
            REGISTRY = (*REGISTRY, wrapper)
            return wrapper

        @app.lambda_function()
        @registered
        def job(event, context):
            get("found")
    """,
    "a wrapper that a package has": """
        def registered(fn):
            def wrapper(*args):
                return fn(*args)
            other.register(wrapper)
            return wrapper

        @app.lambda_function()
        @registered
        def job(event, context):
            get("found")
    """,
    "an object that wraps and that a package has": """
        class Registered:
            def __init__(self, fn):
                self.fn = fn
                other.register(self)

            def __call__(self, *args):
                return self.fn(*args)

        @app.lambda_function()
        @Registered
        def job(event, context):
            get("found")
    """,
    "a handler that a package has": """
        @app.lambda_function()
        def job(event, context):
            get("found")

        other.register(job)
    """,
}

_LOGGED = """
        import functools

        def logged(fn):
            @functools.wraps(fn)
            def wrapper(*args, **kwargs):
                return fn(*args, **kwargs)
            return wrapper
"""

WRAPPED = {
    "below": f"""{_LOGGED}
        @app.lambda_function()
        @logged
        def job(event, context):
            get("found")
    """,
    "above": f"""{_LOGGED}
        @logged
        @app.lambda_function()
        def job(event, context):
            get("found")
    """,
    "twice": f"""{_LOGGED}
        @app.lambda_function()
        @logged
        @logged
        def job(event, context):
            get("found")
    """,
    "with another name": f"""{_LOGGED}
        @app.lambda_function(name="job")
        @logged
        def task(event, context):
            get("found")
    """,
    "with parameters": """
        def logged(level):
            def decorator(fn):
                def wrapper(event, context):
                    return fn(event, context)
                return wrapper
            return decorator

        @app.lambda_function()
        @logged("info")
        def job(event, context):
            get("found")
    """,
    "by a class": """
        class Logged:
            def __init__(self, fn):
                self.fn = fn

            def __call__(self, event, context):
                return self.fn(event, context)

        @app.lambda_function()
        @Logged
        def job(event, context):
            get("found")
    """,
    "by a class with parameters": """
        class Logged:
            def __init__(self, level):
                self.level = level

            def __call__(self, fn):
                def wrapper(event, context):
                    return fn(event, context)
                return wrapper

        @app.lambda_function()
        @Logged("info")
        def job(event, context):
            get("found")
    """,
    "by a class, beside others": f"""{_LOGGED}
        class Logged:
            def __init__(self, fn):
                self.fn = fn

            def __call__(self, event, context):
                return self.fn(event, context)

        @app.lambda_function()
        @Logged
        @logged
        def job(event, context):
            get("found")

        @app.lambda_function()
        @logged
        @Logged
        def third(event, context):
            get("third")
    """,
    "with what is injected": """
        def injected(fn):
            def wrapper(event, context):
                return fn(event, context, client=boto3.client("s3"), bucket="found")
            return wrapper

        @app.lambda_function()
        @injected
        def job(event, context, client, bucket):
            client.get_object(Bucket=bucket, Key="k")
    """,
    "and called by nothing that is followed": """
        def dropped(fn):
            def wrapper(event, context):
                return None
            return wrapper

        @app.lambda_function()
        @dropped
        def job(event, context):
            get("found")
    """,
    "as it is registered": f"""{_LOGGED}
        def task(event, context):
            get("found")

        job = app.lambda_function(name="job")(logged(task))
    """,
    "not at all, as it is registered": """
        def task(event, context):
            get("found")

        job = app.lambda_function(name="job")(task)
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


@pytest.mark.parametrize("text", WRAPPED.values(), ids=WRAPPED)
def test_a_handler_that_is_wrapped_counts_for_its_function_alone(text):
    reading = reading_of(text)

    assert "job" in functions(reading)
    assert buckets(of_functions(reading, ("job",))) == ["found"]
    assert buckets(of_functions(reading, ("quiet",))) == ["quiet"]


def test_views_that_are_wrapped_count_for_the_api_alone():
    reading = reading_of(f"""{_LOGGED}
        @app.route("/below")
        @logged
        def below():
            get("below")

        @logged
        @app.route("/above")
        def above():
            get("above")
    """)

    assert buckets(of_functions(reading, ("api_handler",))) == ["above", "below"]
    assert buckets(of_functions(reading, ("quiet",))) == ["quiet"]


def test_many_handlers_of_one_decorator_are_told_apart():
    jobs = "".join(
        f"""
        @app.lambda_function()
        @Logged
        def job{at}(event, context):
            get("job{at}")
        """
        for at in range(20)
    )
    reading = reading_of(f"""{WRAPPED["by a class"]}{jobs}""")

    assert buckets(of_functions(reading, ("job7",))) == ["job7"]
    assert buckets(of_functions(reading, ("job19",))) == ["job19"]


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
