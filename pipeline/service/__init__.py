"""The model as a service on this machine: a JSON interface, and a page on which a person pastes an article.

`serving` opens the port, `app` says what is asked for at which path, `guard` who is let in and how much at once. `workers` are
the processes that do the `work`: they read a body (`asking`, `bodies`), score it, and answer in JSON or as one of the `pages`.
`problems` is how everything that goes wrong is told, `documentation` what the service says of itself.
"""
