import boto3, string
from string import Template
s3 = boto3.client("s3")
KEY = Template("in/$year/${name}.json")
def go(year):
    s3.get_object(Bucket="b", Key=KEY.substitute(year=year, name="x"))
    s3.put_object(Bucket="b", Key=string.Template("$a-$$-$b").safe_substitute({"a": "q"}))
    s3.delete_object(Bucket="b", Key=KEY.substitute({"year": 2024, "name": year}))
