from aiobotocore.session import get_session
async def work(event):
    async with get_session().create_client("sqs") as client:
        await client.delete_message(QueueUrl="https://sqs.us-west-2.amazonaws.com/123456789012/jobs", ReceiptHandle="r")
