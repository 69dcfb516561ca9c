from chalice import Blueprint

orders = Blueprint(__name__)


@orders.route("/")
def all_orders():
    return []


@orders.route("/{order_id}", methods=["GET", "DELETE"])
def one_order(order_id):
    return {"order": order_id}


@orders.lambda_function()
def nightly(event, context):
    return "done"
