from typing import Optional, TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def work(sqs: Optional["SQSClient"]):
    sqs.receive_message(QueueUrl="https://sqs.us-east-1.amazonaws.com/123456789012/q")
