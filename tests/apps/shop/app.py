import os

from chalicelib.orders import orders

from chalice import Chalice

app = Chalice(app_name="shop")
app.register_blueprint(orders, url_prefix="/orders")
CURRENCY = os.environ.get("CURRENCY", "EUR")


@app.route("/", cors=True)
def index():
    return {"shop": "open", "currency": CURRENCY}


# Vendored packages are found as on Lambda, also by an import within a view.
@app.route("/parcels/{number}", methods=["GET"])
def parcel(number):
    from parcel import describe

    return {"parcel": describe(number)}


@app.authorizer(ttl_seconds=60)
def guard(request):
    return {}
