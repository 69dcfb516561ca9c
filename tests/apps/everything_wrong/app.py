from chalice import Chalice

app = Chalice(app_name="wrong")


@app.route("/users/")
def users():
    return []


@app.route(
    "/users/{user_id}",
    methods=["get"],
)
def user():
    return {}


@app.authorizer(ttl_seconds=4000)
def guard(request):
    return {}


@app.route("/hourly", methdos=["POST"])
def hourly():
    return None


from chalicelib.extra import extra  # noqa: E402 - applications do this

app.register_blueprint(extra)
