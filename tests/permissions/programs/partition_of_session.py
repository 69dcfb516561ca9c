import boto3
import os
sns = boto3.client("sns")
account = boto3.client("sts").get_caller_identity()["Account"]
def go(event):
    partition = boto3.Session().get_partition_for_region(os.environ["AWS_REGION"])
    sns.publish(TopicArn=f"arn:{partition}:sns:{os.environ['AWS_REGION']}:{account}:a", Message="")
    sns.publish(TopicArn=f"arn:{sns.meta.partition}:sns:{sns.meta.region_name}:{account}:b", Message="")
    other = boto3.Session().get_partition_for_region(event["region"])
    sns.publish(TopicArn=f"arn:{other}:sns:eu-west-1:{account}:c", Message="")
