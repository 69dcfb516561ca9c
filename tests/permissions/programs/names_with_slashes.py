"""A slash may be the first letter of a name; ids of Route 53 come whole."""

import boto3


def go(event):
    boto3.client("glue").start_job_run(JobName="/nightly/load")
    boto3.client("logs").create_log_group(logGroupName="/app/orders", tags={"team": "a"})
    boto3.client("logs").put_delivery_source(
        name="/source", resourceArn="arn:aws:s3:::any", logType="L"
    )
    route53 = boto3.client("route53")
    route53.get_hosted_zone(Id="/hostedzone/Z1")
    route53.get_hosted_zone(Id="Z2")
    boto3.client("ssm").get_parameter(Name="/app/key")
    boto3.client("iot-data").publish(topic="/devices/a")
