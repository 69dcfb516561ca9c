import boto3
class Queue:
    def __init__(self, name):
        self.sqs = boto3.resource("sqs")
        self.queue = self.sqs.get_queue_by_name(QueueName=name)
    def send(self, body):
        self.queue.send_message(MessageBody=body)
    def __iter__(self):
        for message in self.queue.receive_messages(MaxNumberOfMessages=10):
            yield message
            message.delete()
def go(event):
    q = Queue("jobs")
    q.send("x")
    for message in q:
        print(message.body)
