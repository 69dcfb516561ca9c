import boto3
def handler(event, context):
    client = boto3.client("s3")
    client.put_object(Bucket="one", Key="k")
    client = boto3.client("sns")
    client.publish(TopicArn=event["topic"], Message="m")
