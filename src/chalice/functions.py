"""What Lambda calls for the functions and authorizers of blueprints: `chalice.functions.NAME`.

A blueprint has no application until `app.py` registers it, and Lambda imports nothing but the
module of a handler. So that module is this one: it imports `app.py` first, as the routes do.
"""

# An error of `app.py` is one of this import, which Lambda tells as such. Nothing is bound here: a
# function may have any name.
__import__("app")


def __getattr__(name: str) -> object:
    """Return what stands where the function *name* is declared.

    That may be a wrapper around what was declared, as a tracer puts it there.
    """
    from chalice.runtime import late  # noqa: PLC0415 - as above

    app = late("app").app
    for function in (*app.pure_lambda_functions, *app.builtin_auth_handlers):
        if function.name == name:
            module, _, attribute = function.handler_string.rpartition(".")
            found: object = getattr(late(module), attribute)
            return found
    raise AttributeError(f"the application has no function {name!r}")
