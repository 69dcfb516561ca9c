import boto3


class MySession(boto3.Session):
    def s3(self):
        return self.client("s3")


def go():
    MySession().s3().get_object(Bucket="b", Key="k")
    MySession().client("sns").list_topics()
