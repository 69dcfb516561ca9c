"""What a cold start of the deployed zip costs under the real runtime client.

The same source is packaged by this package and by AWS Chalice 1.34; each zip is unpacked and
started by `awslambdaric` behind a Runtime API that hands out one event. The starts of all of them
are interleaved, CPU time is that of the whole process, instructions are counted by callgrind.
"""
