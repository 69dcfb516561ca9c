import boto3



def go(event):
    boto3.client("emr").run_job_flow(Name="n", Instances={}, ServiceRole="EMR_DefaultRole", JobFlowRole="EMR_EC2_DefaultRole")
