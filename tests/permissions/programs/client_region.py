import boto3
from chalice import Chalice

app = Chalice(app_name="program")
sns = boto3.client("sns", region_name="us-east-1")
kinesis = boto3.client("kinesis", "us-east-1")
@app.lambda_function()
def handler(event, context):
    sns.publish(TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message="m")
    kinesis.put_record(StreamName="clicks", Data=b"", PartitionKey="p")
