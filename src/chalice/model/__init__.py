"""What an application declared, as frozen data: waist 1 of the design.

Knows how to import a project, read the `Chalice` object (`collect`, the only reader of its private
tables) and say what is wrong with it. Must not know of configuration, AWS resources, or how
requests are answered.
"""
