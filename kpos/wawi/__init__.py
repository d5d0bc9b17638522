"""The companion server: one house with all its branches and tills.

Start reading at `core`, what it decides, without a framework; `api` says it to tills over HTTP,
`desk` shows it to people (Django's admin), `site` puts both together and starts the process.
`config` is the one file of options, `settings` what Django is told of it.
"""
