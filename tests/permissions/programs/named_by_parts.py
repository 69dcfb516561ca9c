"""What is named in parts of parameters, by how ids begin, or by what was asked before."""

import boto3

EC2 = boto3.client("ec2")


def tags():
    EC2.create_tags(Resources=["i-1", "vol-2", "ami-3"], Tags=[{"Key": "a", "Value": "b"}])
    boto3.resource("ec2").Instance("i-4").create_tags(Tags=[{"Key": "a", "Value": "b"}])
    EC2.delete_tags(Resources=["snap-5"])
    boto3.client("kinesis").register_stream_consumer(
        StreamARN="arn:aws:kinesis:us-east-1:111122223333:stream/s",
        ConsumerName="c",
        Tags={"a": "b"},
    )


def catalog():
    glue = boto3.client("glue")
    glue.create_table(DatabaseName="d", TableInput={"Name": "t"})
    glue.create_connection(
        ConnectionInput={"Name": "c", "ConnectionType": "JDBC", "ConnectionProperties": {}}
    )


def topics():
    boto3.resource("sns").create_topic(Name="rt").publish(Message="m")


def objects():
    bucket = boto3.resource("s3").Bucket("b")
    bucket.objects.filter(Prefix="old/").delete()
    for item in bucket.objects.filter(Prefix="in/"):
        item.get()
    for item in bucket.objects.all():
        item.copy_from(CopySource="b/k")
