import boto3
(s3,) = [boto3.client("s3")]
[sqs] = (boto3.client("sqs"),)
kms = next(iter({boto3.client("kms")}))
clients = dict(zip(["sns", "ssm"], map(boto3.client, ["sns", "ssm"])))
def go(event):
    s3.get_object(Bucket="b", Key="k")
    sqs.list_queues()
    kms.list_keys()
    {**clients}["ssm"].describe_parameters()
    max([s3], key=id).put_object(Bucket="b", Key="k")
    (lambda k, s3=s3: s3.delete_object(Bucket="b", Key=k))("k")
