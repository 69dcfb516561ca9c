import os
from functools import cached_property

from botocore.session import get_session


class Notes:
    table = os.environ["NOTES_TABLE"]

    @cached_property
    def client(self):
        return get_session().create_client("dynamodb")

    def write(self, number, note):
        item = {"number": {"S": number}, **{key: {"S": text} for key, text in note.items()}}
        self.client.put_item(TableName=self.table, Item=item)

    def find(self, number):
        found = self.client.get_item(TableName=self.table, Key={"number": {"S": number}})
        return {key: value["S"] for key, value in found["Item"].items()}

    def remove(self, number):
        self.client.delete_item(TableName=self.table, Key={"number": {"S": number}})

    def of_author(self, name):
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            IndexName="by-author",
            KeyConditionExpression="author = :name",
            ExpressionAttributeValues={":name": {"S": name}},
        )
        return [item["number"]["S"] for page in pages for item in page["Items"]]
