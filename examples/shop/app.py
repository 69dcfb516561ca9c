import os

from chalice import Chalice, Response

from chalicelib.orders import orders
from chalicelib.stock import stock

app = Chalice(app_name="shop")
app.register_blueprint(orders, url_prefix="/orders", name_prefix="orders_")
app.register_blueprint(stock, url_prefix="/stock", name_prefix="stock_")


@app.route("/")
def index():
    return {"shop": os.environ["SHOP_NAME"]}


# Around every view, those of the blueprints too.
@app.middleware("http")
def never_cached(event, get_response):
    response: Response = get_response(event)
    response.headers["Cache-Control"] = "no-store"
    return response


# A function of its own, with its own memory and timeout in .chalice/config.json.
@app.lambda_function()
def nightly_report(event, context):
    return {
        "orders": len(event.get("orders", [])),
        "seconds": context.get_remaining_time_in_millis() // 1000,
    }
