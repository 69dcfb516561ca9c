from aws_lambda_powertools.utilities.idempotency import DynamoDBPersistenceLayer, idempotent
store = DynamoDBPersistenceLayer(table_name="idem")
@idempotent(persistence_store=store)
def go(event, context):
    return 1
