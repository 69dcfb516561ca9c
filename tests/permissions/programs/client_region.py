import boto3
sns = boto3.client("sns", region_name="us-east-1")
kinesis = boto3.client("kinesis", "us-east-1")
def handler(event, context):
    sns.publish(TopicArn="arn:aws:sns:us-east-1:123456789012:t", Message="m")
    kinesis.put_record(StreamName="clicks", Data=b"", PartitionKey="p")
