import boto3


def go(event):
    boto3.client("location").search_place_index_for_text(IndexName="i", Text="x")
