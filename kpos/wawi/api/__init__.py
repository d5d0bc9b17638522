"""The core API: what tills, and machines that look after them, say over HTTP.

`routes` has the endpoints; their bodies are `kpos.sync.wire` messages, read and written by its
codecs, and `schemas` describes the same for the OpenAPI document. `bodies` reads what was sent,
`tokens` says who asks, `limits` how often, `problems` turns whatever goes wrong into RFC 9457.
"""
