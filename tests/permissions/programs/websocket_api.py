from chalice import Chalice
app = Chalice(app_name="x")
@app.on_ws_message()
def message(event):
    app.websocket_api.send(event.connection_id, "hello")
