from aws_lambda_powertools.utilities import parameters
db = parameters.DynamoDBProvider(table_name="settings")
def go(event):
    db.get("x")
    db.get_multiple("y")
