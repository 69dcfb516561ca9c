"""AWS as this project sees it: the only folder that talks to the SDK.

Knows credentials, regions and endpoints, how calls fail and are tried again, and the few calls that
deploying needs, each as a narrow protocol with plain data going in and out. Must not know
applications, packages or templates. The SDK is imported when something is called, not before.
"""
