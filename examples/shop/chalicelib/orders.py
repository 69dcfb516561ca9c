"""What customers order."""

from chalice import BadRequestError, Blueprint, NotFoundError, Response

orders = Blueprint(__name__)

ORDERS = {}


@orders.route("/", methods=["POST"])
def place():
    body = orders.current_request.json_body or {}
    if not body.get("item"):
        raise BadRequestError("an order needs an item")
    number = str(len(ORDERS) + 1)
    ORDERS[number] = {"number": number, "item": body["item"]}
    return Response(ORDERS[number], status_code=201, headers={"Location": f"/orders/{number}"})


@orders.route("/{number}")
def show(number):
    if number not in ORDERS:
        raise NotFoundError(f"there is no order {number}")
    return ORDERS[number]
