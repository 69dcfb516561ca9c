import boto3
from chalice import Chalice, Blueprint
bp = Blueprint(__name__)
@bp.on_sqs_message(queue="jobs")
def handle(event):
    for record in event:
        bp.current_app.s3.put_object(Bucket="b", Key=record.body)
app = Chalice(app_name="x")
app.s3 = boto3.client("s3")
app.register_blueprint(bp)
