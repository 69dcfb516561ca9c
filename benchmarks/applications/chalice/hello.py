from chalice import Chalice

app = handler = Chalice(app_name="hello")


@app.route("/")
def index():
    return {"hello": "world"}
