import boto3
s3 = boto3.client("s3")
def deco(x):
    return lambda f: f
@deco(s3.get_object(Bucket="b", Key="decorator"))
def go(event, a=s3.get_object(Bucket="b", Key="default")):
    x = f"{s3.get_object(Bucket='b', Key='text')}"
    y = [k for k in "ab" if s3.get_object(Bucket="b", Key="if")]
    match s3.get_object(Bucket="b", Key="match"):
        case {"Body": body} if s3.get_object(Bucket="b", Key="guard"):
            pass
    try:
        pass
    except* ValueError:
        s3.get_object(Bucket="b", Key="group")
    finally:
        s3.get_object(Bucket="b", Key="finally")
    1 < s3.get_object(Bucket="b", Key="compare") < 3
    print(*[s3.get_object(Bucket="b", Key="star")], sep=s3.get_object(Bucket="b", Key="kw"))
    del x[s3.get_object(Bucket="b", Key="del")]
    x[s3.get_object(Bucket="b", Key="index")] = 1
    x: s3.get_object(Bucket="b", Key="no") = s3.get_object(Bucket="b", Key="annotated")
    not s3.get_object(Bucket="b", Key="not")
    yield s3.get_object(Bucket="b", Key="yield")
    for i in s3.get_object(Bucket="b", Key="iter"):
        pass
    else:
        s3.get_object(Bucket="b", Key="else")
    while s3.get_object(Bucket="b", Key="while"):
        pass
    x[s3.get_object(Bucket="b", Key="lower"):] 
    raise ValueError(s3.get_object(Bucket="b", Key="raise")) from s3.get_object(Bucket="b", Key="cause")
