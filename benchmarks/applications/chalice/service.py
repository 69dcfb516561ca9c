from chalice import Chalice, Response

app = handler = Chalice(app_name="service")
IMAGE = bytes(range(256)) * 400


@app.route("/")
def index():
    return {"hello": "world"}


@app.route("/users/{user_id}/orders/{order_id}")
def order(user_id, order_id):
    query = app.current_request.query_params
    return {
        "user": user_id,
        "order": order_id,
        "limit": int(query["limit"]),
        "expand": query.getlist("expand"),
    }


@app.route("/echo", methods=["POST"])
def echo():
    return app.current_request.json_body


@app.route("/image")
def image():
    return Response(IMAGE, headers={"Content-Type": "image/png"})


@app.route("/cors", cors=True)
def cors():
    return {"hello": "world"}


def many(count):
    many_routes = Chalice(app_name="many")
    for number in range(count):
        many_routes.route(f"/r{number}")(index)
    return many_routes
