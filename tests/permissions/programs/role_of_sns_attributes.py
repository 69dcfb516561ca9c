import boto3
TOPIC = "arn:aws:sns:us-east-1:123456789012:t"
R = "arn:aws:iam::123456789012:role/"


def go(event):
    sns = boto3.client("sns")
    sns.create_topic(Name="t", Attributes={"SQSFailureFeedbackRoleArn": R + "fails", "DisplayName": "t"})
    sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="LambdaSuccessFeedbackRoleArn", AttributeValue=R + "works")
    sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="DisplayName", AttributeValue=event["name"])
    sns.subscribe(TopicArn=TOPIC, Protocol="firehose", Attributes={"SubscriptionRoleArn": R + "delivers"})
    sns.set_sms_attributes(attributes={"DeliveryStatusIAMRole": R + "texts"})
