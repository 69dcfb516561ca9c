"""What is in the shop: for those who work there, so an API key is asked for."""

from chalice import Blueprint

stock = Blueprint(__name__)

SHELVES = {"tea": 3, "cups": 7}


@stock.route("/", api_key_required=True)
def everything():
    return SHELVES


@stock.route("/{item}", methods=["PUT"], api_key_required=True)
def count(item):
    SHELVES[item] = stock.current_request.json_body["count"]
    return SHELVES
