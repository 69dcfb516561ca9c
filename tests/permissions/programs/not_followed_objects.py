import boto3
import somelib

names = boto3.resource("dynamodb").Table("names")


def scanned(table):
    return table.scan()


def found(other):
    return other.query(KeyConditionExpression="name = :name")


def described(client):
    return client.describe_stacks()


def plain(mapping, users):
    mapping.copy()
    users.get_user()
    return somelib.records.put_item(Item={})


def go():
    names.get_item(Key={})
    globals()["late"] = boto3.client("kms")


def later():
    globals()["late"].list_keys()
