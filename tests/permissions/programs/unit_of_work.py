import boto3
class Work:
    def __enter__(self):
        self.table = boto3.resource("dynamodb").Table("t")
        self.batch = self.table.batch_writer()
        self.writer = self.batch.__enter__()
        return self
    def __exit__(self, *args):
        return self.batch.__exit__(*args)
def go(event):
    with Work() as work:
        work.writer.put_item(Item={})
