import boto3


def go():
    boto3.client("ecs").run_task(
        cluster="jobs",
        taskDefinition="arn:aws:ecs:eu-west-1:123456789012:task-definition/report:4",
    )
    boto3.client("ecs").describe_services(cluster="jobs", services=["web"])
    boto3.client("batch").submit_job(jobName="j", jobQueue="nightly", jobDefinition="report:2")
    boto3.client("pipes").start_pipe(Name="orders")
    boto3.client("route53").get_hosted_zone(Id="/hostedzone/Z1")
    boto3.client("glue").get_table(DatabaseName="sales", Name="orders")
    boto3.client("cloudformation").describe_stacks(
        StackName="arn:aws:cloudformation:eu-west-1:123456789012:stack/net/0a1b"
    )
    boto3.client("rds").start_db_instance(DBInstanceIdentifier="reports")


def unknown(event):
    boto3.client("glue").start_job_run(JobName=event["job"])
    boto3.client("appconfigdata").start_configuration_session(
        ApplicationIdentifier="shop",
        EnvironmentIdentifier="live",
        ConfigurationProfileIdentifier="flags",
    )
    boto3.client("backup").create_backup_plan(BackupPlan={"BackupPlanName": "p", "Rules": []})
