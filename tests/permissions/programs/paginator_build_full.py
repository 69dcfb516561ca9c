import boto3
def go(event):
    pages = boto3.client("dynamodb").get_paginator("query").paginate(TableName="t")
    return pages.build_full_result()["Items"], list(pages.search("Items[].id"))
