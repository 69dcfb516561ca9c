from chalice import Blueprint

extra = Blueprint(__name__)


@extra.route("/users/{name}/posts")
def posts(name):
    return []
