import boto3
def paginate_all(client, method_name, result_key, **kwargs):
    try:
        for page in client.get_paginator(method_name).paginate(**kwargs):
            yield from page.get(result_key, [])
    except Exception:
        response = getattr(client, method_name)(**kwargs)
        while response.get("NextToken"):
            response = getattr(client, method_name)(NextToken=response["NextToken"], **kwargs)
def go(event):
    list(paginate_all(boto3.client("ssm"), "get_parameters_by_path", "Parameters", Path="/a"))
