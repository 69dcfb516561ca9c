import boto3


def load(day):
    boto3.client("dynamodb").import_table(
        S3BucketSource={"S3Bucket": "exports", "S3KeyPrefix": f"day/{day}/"},
        InputFormat="DYNAMODB_JSON",
        TableCreationParameters={"TableName": "restored"},
    )
