"""Templates: a resource graph as a CloudFormation document, with what users merge into it.

Knows how a document is laid out, merged and written. Must not know an application, nor how a stack
is made: it takes a graph, and gives a document, a text, or files.
"""

from chalice.template.document import cloudformation, problems_of
from chalice.template.writing import serialize

__all__ = ["cloudformation", "problems_of", "serialize"]
