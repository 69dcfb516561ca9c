import importlib
def second_go(event):
    getattr(importlib.import_module(event["module"]), event["function"])(event)
