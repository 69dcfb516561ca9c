"""Deploying: one template carried out by CloudFormation, and what is done with a stack afterwards.

Knows stacks, change sets, the bucket of artifacts, and how to say what will change and what went
wrong. Must not know the SDK (it is given an `Account`), the terminal, or how an application becomes
a template. There is no state of our own: what a killed run leaves is found again in the cloud, by
names that the same input makes again.
"""
