import boto3


def go():
    boto3.client("dynamodb").execute_transaction(TransactStatements=[{"Statement": "EXISTS(SELECT * FROM e WHERE id=1)"}, {"Statement": "update f set x=1 where id=2"}])
