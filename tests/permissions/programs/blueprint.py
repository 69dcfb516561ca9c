from chalice import Chalice
from chalicelib.routes import routes
app = Chalice(app_name="x")
app.register_blueprint(routes)
# --- chalicelib/__init__.py
# --- chalicelib/routes.py
import boto3
from chalice import Blueprint
routes = Blueprint(__name__)
@routes.route("/{key}")
def show(key):
    return boto3.client("s3").get_object(Bucket="b", Key=key)
