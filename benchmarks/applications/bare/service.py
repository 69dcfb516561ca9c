from rest import CORS, Service

handler = service = Service()
IMAGE = bytes(range(256)) * 400


@service.route("/", "GET")
def index(request):
    return {"hello": "world"}


@service.route("/users/{user_id}/orders/{order_id}", "GET")
def order(request, user_id, order_id):
    return {
        "user": user_id,
        "order": order_id,
        "limit": int(request.query("limit")[-1]),
        "expand": request.query("expand"),
    }


@service.route("/echo", "POST")
def echo(request):
    return request.json()


@service.route("/image", "GET")
def image(request):
    return IMAGE, "image/png"


@service.route("/cors", "GET", cors=CORS)
def cors(request):
    return {"hello": "world"}


def many(count):
    many_routes = Service()
    for number in range(count):
        many_routes.route(f"/r{number}", "GET")(index)
    return many_routes
