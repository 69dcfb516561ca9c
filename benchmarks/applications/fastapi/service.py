from fastapi import Body, FastAPI, Query, Response
from fastapi.middleware.cors import CORSMiddleware
from mangum import Mangum

IMAGE = bytes(range(256)) * 400
app = FastAPI()
handler = Mangum(app, lifespan="off")


async def index():
    return {"hello": "world"}


app.get("/")(index)


@app.get("/users/{user_id}/orders/{order_id}")
async def order(user_id: str, order_id: str, limit: int, expand: list[str] = Query()):
    return {"user": user_id, "order": order_id, "limit": limit, "expand": expand}


@app.post("/echo")
async def echo(body: dict = Body()):
    return body


@app.get("/image")
async def image():
    return Response(IMAGE, media_type="image/png")


with_cors = FastAPI()
with_cors.add_middleware(CORSMiddleware, allow_origins=["*"])
with_cors.get("/cors")(index)
cors_handler = Mangum(with_cors, lifespan="off")


def many(count):
    many_routes = FastAPI()
    for number in range(count):
        many_routes.get(f"/r{number}")(index)
    return Mangum(many_routes, lifespan="off")
