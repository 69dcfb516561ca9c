import boto3


def go(event):
    boto3.client("cloudfront").create_invalidation(DistributionId="D1", InvalidationBatch={})
