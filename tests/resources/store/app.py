"""One of every resource that a template can hold; packaged by AWS Chalice 1.34 as well."""

from chalice import AuthResponse, Chalice, CustomAuthorizer

app = Chalice(app_name="store")

elsewhere = CustomAuthorizer(
    "Elsewhere",
    authorizer_uri="arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:elsewhere/invocations",
)


@app.authorizer()
def my_auth(auth_request):
    return AuthResponse(["*"], "user")


@app.authorizer(name="second-auth2", execution_role="arn:aws:iam::123456789012:role/execution")
def another(auth_request):
    return AuthResponse(["*"], "user")


@app.route("/")
def index():
    return {}


@app.route("/mine", authorizer=my_auth)
def mine():
    return {}


@app.route("/second", authorizer=another)
def second():
    return {}


@app.route("/elsewhere", authorizer=elsewhere)
def somewhere():
    return {}


@app.lambda_function()
def nightly_report(event, context):
    return {}
