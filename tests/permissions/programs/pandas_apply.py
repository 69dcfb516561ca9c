import boto3, pandas
s3 = boto3.client("s3")
def one(row):
    s3.get_object(Bucket="b", Key=row["k"])
    row["client"].x()
def go(event):
    pandas.DataFrame(event).apply(one, axis=1)
    pandas.DataFrame(event)["k"].apply(lambda key: s3.put_object(Bucket="b", Key=key))
