def describe(number):
    return f"parcel {number}"
