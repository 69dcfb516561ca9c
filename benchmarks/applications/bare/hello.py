from rest import Service

handler = service = Service()


@service.route("/", "GET")
def index(request):
    return {"hello": "world"}
