from fastapi import FastAPI
from mangum import Mangum

app = FastAPI()
handler = Mangum(app, lifespan="off")


@app.get("/")
async def index():
    return {"hello": "world"}
