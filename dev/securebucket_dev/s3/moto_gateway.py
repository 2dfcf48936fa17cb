"""The process that is moto: its server on a socket that the parent has already bound to the loopback.

Run as `python -I moto_gateway.py DESCRIPTOR`; SIGTERM ends it at once.
"""

import sys

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from securebucket_dev.s3.newer_documents_gateway import with_newer_documents
from securebucket_dev.s3.wsgi_server import serve

if __name__ == "__main__":
    serve(int(sys.argv[1]), with_newer_documents(DomainDispatcherApplication(create_backend_app)))
