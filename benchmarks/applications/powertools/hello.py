from aws_lambda_powertools.event_handler import APIGatewayRestResolver

app = APIGatewayRestResolver()
handler = app.resolve


@app.get("/")
def index():
    return {"hello": "world"}
