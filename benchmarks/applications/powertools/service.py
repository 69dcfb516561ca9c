from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig, Response

app = APIGatewayRestResolver()
handler = app.resolve
IMAGE = bytes(range(256)) * 400


def index():
    return {"hello": "world"}


app.get("/")(index)


@app.get("/users/<user_id>/orders/<order_id>")
def order(user_id, order_id):
    query = app.current_event.multi_value_query_string_parameters
    return {
        "user": user_id,
        "order": order_id,
        "limit": int(query["limit"][-1]),
        "expand": query["expand"],
    }


@app.post("/echo")
def echo():
    return app.current_event.json_body


@app.get("/image")
def image():
    return Response(200, content_type="image/png", body=IMAGE)


with_cors = APIGatewayRestResolver(cors=CORSConfig(allow_origin="*"))
with_cors.get("/cors")(index)
cors_handler = with_cors.resolve


def many(count):
    many_routes = APIGatewayRestResolver()
    for number in range(count):
        many_routes.get(f"/r{number}")(index)
    return many_routes.resolve
