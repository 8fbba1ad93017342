"""Scored articles as pages that open offline: one self-contained file, or a site with an index and a page an article.

`article` says what a page shows of an article, `summary` counts by outlet and month, `trends` draws that, `names` makes file
names of ids, and `pages` writes it all.
"""
