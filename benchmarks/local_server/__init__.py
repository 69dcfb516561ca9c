"""The local server measured from outside, beside a peer in the same run."""
