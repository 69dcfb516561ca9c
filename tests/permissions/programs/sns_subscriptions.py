"""What is asked of a subscription is asked on its topic."""

import boto3

sns = boto3.client("sns")


def go(event):
    sns.unsubscribe(SubscriptionArn="arn:aws:sns:eu-west-1:123456789012:orders:5d9e7f00-0c1a-4d0b")
    sns.get_subscription_attributes(SubscriptionArn=event["subscription"])
    sns.set_subscription_attributes(
        SubscriptionArn=f"arn:aws:sns:eu-west-1:123456789012:{event['topic']}:{event['id']}",
        AttributeName="RawMessageDelivery",
        AttributeValue="true",
    )
