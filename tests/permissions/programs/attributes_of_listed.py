import boto3

s3 = boto3.resource("s3")
iam = boto3.resource("iam")
db = boto3.resource("dynamodb")
ec2 = boto3.resource("ec2")


def sizes():
    return sum(item.size for item in s3.Bucket("listed").objects.all() if item.last_modified)


def versions():
    return [item.is_latest for item in s3.Bucket("versions").object_versions.filter(Prefix="a/")]


def roles():
    return [item.arn for item in iam.roles.all()] + [item.create_date for item in iam.users.all()]


def buckets():
    return [item.creation_date for item in s3.buckets.all()]


def tables():
    return [item.item_count for item in db.tables.all()]


def stopped():
    for item in ec2.instances.filter(InstanceIds=["i-1"]):
        item.stop()
        print(item.state)


def one():
    return s3.Object("one", "k").content_length


def again():
    for item in s3.Bucket("again").objects.all():
        item.load()
        print(item.size)
