from base64 import b64decode

from chalice import AuthResponse, Chalice, NotFoundError, Response

app = Chalice(app_name="hello")

NOTES = {"welcome": {"text": "Edit app.py and ask again: no restart is needed."}}

# A picture of one pixel.
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@app.route("/")
def index():
    return {"hello": "world"}


@app.route("/hello/{name}")
def hello(name):
    query = app.current_request.query_params or {}
    return {"greeting": f"{query.get('greeting', 'Hello')}, {name}!"}


# A page of another origin may read and write notes: `cors=True` answers its preflight, too.
@app.route("/notes/{key}", methods=["GET"], cors=True)
def read_note(key):
    if key not in NOTES:
        raise NotFoundError(f"no note called {key!r}")
    return NOTES[key]


@app.route("/notes/{key}", methods=["PUT"], cors=True)
def write_note(key):
    NOTES[key] = app.current_request.json_body
    return Response({"written": key}, status_code=201)


# A binary answer: the client has to ask for it with `Accept: image/png`.
@app.route("/pixel.png")
def pixel():
    return Response(PIXEL, headers={"Content-Type": "image/png"})


@app.route("/reverse", methods=["POST"], content_types=["application/octet-stream"])
def reverse():
    body = app.current_request.raw_body
    return Response(body[::-1], headers={"Content-Type": "application/octet-stream"})


# Asked before the view is, with the Authorization header; the answer is kept for 30 seconds.
@app.authorizer(ttl_seconds=30)
def door(auth_request):
    routes = ["/private"] if auth_request.token == "Bearer let-me-in" else []
    return AuthResponse(routes=routes, principal_id="visitor")


@app.route("/private", authorizer=door)
def private():
    return {"you are": app.current_request.context["authorizer"]["principalId"]}
