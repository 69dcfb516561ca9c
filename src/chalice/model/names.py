"""Names that AWS knows: of methods, functions and resources."""

from __future__ import annotations

import re

from chalice.rules.facts import ANY, VERBS

#: The function that answers every route, as configuration and commands call it.
API_HANDLER = "api_handler"

#: The methods that a route may name.
METHODS = (*VERBS, ANY)

# Logical ids that Chalice's template uses for what is no function of the user's.
# Source: AWS Chalice 1.34, `chalice package` (observed): a function of such an id replaces the
# resource without a word.
RESERVED_IDS = (
    "APIHandler",
    "APIHandlerInvokePermission",
    "DefaultRole",
    "ManagedLayer",
    "RestAPI",
)


def logical_id(function_name: str) -> str:
    """Return the CloudFormation logical id of a function, as AWS Chalice's template has it.

    Anything but letters and digits separates words; a word's first letter is capitalised and the
    rest is kept. So two names can share an id.

    >>> logical_id("api_handler"), logical_id("my_auth"), logical_id("toS3-v2")
    ('APIHandler', 'MyAuth', 'ToS3V2')
    """
    if function_name == API_HANDLER:
        return "APIHandler"
    words = re.findall(r"[A-Za-z0-9]+", function_name)
    return "".join(word[0].upper() + word[1:] for word in words)


def handler_of(function_name: str, found_at: str) -> str:
    """Return what Lambda calls for a function that stands at *found_at*.

    What `app.py` defines is called there; else `app.py` is imported first: it registers the
    blueprint, the middleware and the logger that the function has locally.

    >>> handler_of("work", "app.work"), handler_of("jobs_clean", "chalicelib.jobs.clean")
    ('app.work', 'chalice.functions.jobs_clean')
    """
    module = found_at.rpartition(".")[0]
    return found_at if module == "app" else f"chalice.functions.{function_name}"


def lambda_name(app_name: str, stage: str, function_name: str) -> str:
    """Return the name of a deployed function: `app-dev`, or `app-dev-my_auth` beside the routes.

    >>> lambda_name("shop", "dev", "api_handler"), lambda_name("shop", "dev", "my_auth")
    ('shop-dev', 'shop-dev-my_auth')
    """
    whole = f"{app_name}-{stage}"
    return whole if function_name == API_HANDLER else f"{whole}-{function_name}"
