"""The server: an HTTP application over jobs that transcribe recordings, and the page that uses it.

`application.create_app` composes the routes of `api/` behind the checks of `security`. `jobs/` stores the jobs in
SQLite and runs them in worker processes with the executor of `corpus`. `page/` holds the files of the web page.
"""
