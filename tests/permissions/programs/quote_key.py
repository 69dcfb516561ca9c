import boto3, urllib.parse
def go(event):
    s3 = boto3.client("s3")
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = urllib.parse.unquote_plus(record["s3"]["object"]["key"], encoding="utf-8")
        s3.get_object(Bucket=bucket, Key=key)
        s3.copy_object(Bucket="archive", Key=f"done/{key}", CopySource={"Bucket": bucket, "Key": key})
