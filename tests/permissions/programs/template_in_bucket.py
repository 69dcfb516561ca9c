import boto3

ROLE = "arn:aws:iam::123456789012:role/makes-stacks"


def make(name):
    boto3.client("cloudformation").create_stack(
        StackName="s",
        TemplateURL=f"https://templates.s3.eu-west-1.amazonaws.com/v1/{name}.yaml",
        RoleARN=ROLE,
    )
