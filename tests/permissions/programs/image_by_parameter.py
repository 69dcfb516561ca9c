import boto3


def template():
    boto3.client("ec2").create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"ImageId": "resolve:ssm:/images/web:2"}
    )
