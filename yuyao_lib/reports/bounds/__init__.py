"""Bounds and allowed values of each notebook's parameters, one module a notebook.

A test holds each model equal to the notebook's parameters cell in names, types and
defaults.
"""
