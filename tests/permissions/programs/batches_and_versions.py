import boto3


def go(event):
    boto3.client("deadline").batch_get_job(identifiers=[])
    boto3.client("redshift-data").get_statement_result_v2(Id=event["id"])
    boto3.client("dynamodb").list_bulk_operations()
    boto3.client("signin").create_oauth2_token_with_iam()
