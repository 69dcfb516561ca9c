from pynamodb.models import Model
class User(Model):
    class Meta:
        table_name = "t"
def go(event):
    return User.get("x")
