import boto3



def go(event):
    boto3.client("glue").update_job(JobName="j", JobUpdate={"Role": "runs"})
    boto3.client("glue").create_crawler(Name="c", Role="service-role/crawls", Targets={})
    boto3.client("ssm").create_activation(IamRole="managed")
