"""Notes with attachments: what least privilege is proved on, deployed with enforcement.

Errors are told to who asks: those of IAM are to be told from others.
"""

from botocore.session import get_session
from chalicelib import files
from chalicelib.notes import Notes

from chalice import Chalice

app = Chalice(app_name="notes", debug=True)
notes = Notes()
session = get_session()


@app.route("/notes/{number}", methods=["PUT"])
def write(number):
    notes.write(number, app.current_request.json_body)
    return {"written": number}


@app.route("/notes/{number}")
def show(number):
    return notes.find(number)


@app.route("/notes/{number}", methods=["DELETE"])
def remove(number):
    notes.remove(number)
    files.remove(number)
    return {"removed": number}


@app.route("/authors/{name}")
def of_author(name):
    return {"numbers": notes.of_author(name)}


@app.route("/files/{number}", methods=["PUT"])
def attach(number):
    return {"size": files.attach(number, app.current_request.json_body["text"])}


@app.route("/files")
def attached():
    return {"keys": files.attached()}


@app.route("/files/{number}")
def text(number):
    return {"text": files.text(number)}


@app.lambda_function(name="remind")
def remind(event, context):
    queues = session.create_client("sqs", region_name="us-east-1")
    url = queues.get_queue_url(QueueName="notes-reminders")["QueueUrl"]
    queues.send_message(QueueUrl=url, MessageBody=event["text"])
    topics = session.create_client("sns", region_name="us-east-1")
    topic = topics.create_topic(Name="notes-told")["TopicArn"]
    topics.publish(TopicArn=topic, Message=event["text"])
    return {"reminded": True}
