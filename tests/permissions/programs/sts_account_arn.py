import boto3
account = boto3.client("sts").get_caller_identity().get("Account")
region = boto3.session.Session().region_name
def go(event):
    boto3.client("sns").publish(TopicArn=f"arn:aws:sns:{region}:{account}:alerts", Message="")
