"""Where the replicas are to be is not known: what they need there is told."""

import boto3


def go(event):
    boto3.client("dynamodb").update_table(TableName="orders", ReplicaUpdates=event["replicas"])
