import boto3


def make(body):
    boto3.client("cloudformation").create_stack(StackName="s", TemplateBody=body)
