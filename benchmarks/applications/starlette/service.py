from mangum import Mangum
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

IMAGE = bytes(range(256)) * 400


async def index(request):
    return JSONResponse({"hello": "world"})


async def order(request):
    return JSONResponse(
        {
            "user": request.path_params["user_id"],
            "order": request.path_params["order_id"],
            "limit": int(request.query_params["limit"]),
            "expand": request.query_params.getlist("expand"),
        }
    )


async def echo(request):
    return JSONResponse(await request.json())


async def image(request):
    return Response(IMAGE, media_type="image/png")


handler = Mangum(
    Starlette(
        routes=[
            Route("/", index),
            Route("/users/{user_id}/orders/{order_id}", order),
            Route("/echo", echo, methods=["POST"]),
            Route("/image", image),
        ]
    ),
    lifespan="off",
)
cors_handler = Mangum(
    Starlette(
        routes=[Route("/cors", index)],
        middleware=[Middleware(CORSMiddleware, allow_origins=["*"])],
    ),
    lifespan="off",
)


def many(count):
    routes = [Route(f"/r{number}", index) for number in range(count)]
    return Mangum(Starlette(routes=routes), lifespan="off")
