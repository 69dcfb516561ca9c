import boto3
def connect():
    session = boto3.Session(region_name="eu-west-1")
    return session.client("s3"), session.resource("dynamodb")
def go(event):
    s3, db = connect()
    s3.get_object(Bucket="b", Key="k")
    db.Table("t").scan()
