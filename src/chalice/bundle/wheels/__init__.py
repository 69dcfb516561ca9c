"""Wheels as files that are to be had: which fit the target, and how they get here.

Knows names of wheels, addresses, credentials and the folder where wheels are kept by their hash.
Knows neither who wants them nor what is inside.
"""
