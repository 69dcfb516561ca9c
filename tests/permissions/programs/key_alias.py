import boto3

keys = boto3.client("kms")


def go(event):
    keys.encrypt(KeyId="alias/orders", Plaintext=b"")
    keys.sign(
        KeyId="arn:aws:kms:eu-west-1:111122223333:alias/theirs",
        Message=b"",
        SigningAlgorithm="ECDSA_SHA_256",
    )
