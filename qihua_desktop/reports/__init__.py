"""Documents on paper: plain domain objects in, PDF bytes out; the only importer of reportlab.

Importing these modules is cheap: reportlab and the fonts are loaded when the first document is rendered.
"""
