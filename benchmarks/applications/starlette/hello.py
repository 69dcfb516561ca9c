from mangum import Mangum
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route


async def index(request):
    return JSONResponse({"hello": "world"})


handler = Mangum(Starlette(routes=[Route("/", index)]), lifespan="off")
