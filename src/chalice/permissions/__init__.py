"""What an application's code needs of AWS: from syntax trees to the statements of a policy.

    files --program--> trees --engine--> uses --actions, arns--> needs --document--> statements

Nothing of the project is imported or executed. Knows Python's syntax, what the SDK's objects do
and AWS's own list of actions; must not know the application object, the settings or the terminal.
"""
