"""An application under a real error tracker: run by `test_runtime_trackers.py`, alone.

The tracker replaces things in `chalice.app` for good, so it gets a process of its own. Prints, as
JSON, what was answered and what was reported.
"""

import json
import sys

import sentry_sdk
from sentry_sdk.integrations.chalice import ChaliceIntegration
from sentry_sdk.transport import Transport
from tests.runtime.calling import an_event

REPORTS = []


class Collected(Transport):
    """Keeps what would be sent."""

    def capture_envelope(self, envelope):
        event = envelope.get_event()
        if event is not None:
            REPORTS.append(event)


class Context:
    function_name = "demo-dev"
    function_version = "$LATEST"
    aws_request_id = "0123"
    log_group_name = "group"
    log_stream_name = "stream"
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:demo-dev"

    @staticmethod
    def get_remaining_time_in_millis():
        return 3000


def main():
    sentry_sdk.init(
        dsn="https://key@sentry.invalid/1",
        integrations=[ChaliceIntegration()],
        transport=Collected,
        default_integrations=False,
    )
    from chalice import BadRequestError, Chalice

    app = Chalice("demo", configure_logs=False)

    @app.route("/fails/{key}")
    def fails(key):
        raise ValueError(f"view {key}")

    @app.route("/refuses")
    def refuses():
        raise BadRequestError("no")

    @app.route("/")
    def index():
        return {"hello": "world"}

    @app.lambda_function()
    def work(event, context):
        raise KeyError("function")

    answers = [
        app(an_event("/fails/{key}", params={"key": "a"}), Context())["statusCode"],
        app(an_event("/refuses"), Context())["statusCode"],
        app(an_event("/"), Context())["body"],
    ]
    try:
        work({}, Context())
    except KeyError as error:
        answers.append(str(error))
    values = [report["exception"]["values"][0] for report in REPORTS]
    reports = [f"{value['type']}: {value['value']}" for value in values]
    json.dump({"answers": answers, "reports": reports}, sys.stdout)


if __name__ == "__main__":
    main()
