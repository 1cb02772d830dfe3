"""An S3 server on the loopback address, and fake recordings in it."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import pytest

from meetscribe.corpus.remote.stores import STORES

VARIABLES = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class ObjectStore:
    """The bucket `bucket` of a server, seen by a client that is not meetscribe's."""

    def __init__(self, client: Any) -> None:
        self._client = client
        client.create_bucket(Bucket="bucket")

    def put(self, key: str, data: bytes) -> None:
        self._client.put_object(Bucket="bucket", Key=key, Body=data)

    def get(self, key: str) -> bytes:
        data: bytes = self._client.get_object(Bucket="bucket", Key=key)["Body"].read()
        return data

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket="bucket", Key=key)

    def keys(self, prefix: str = "") -> list[str]:
        found = self._client.list_objects_v2(Bucket="bucket", Prefix=prefix)
        return [each["Key"] for each in found.get("Contents", [])]


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """Run a server, and point the variables that S3 clients read at it; skip the test without its packages."""
    for package in ("s3fs", "moto", "flask", "flask_cors"):
        if find_spec(package) is None:
            pytest.skip(f"the package {package} is not installed")
    import boto3
    import fsspec
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with pytest.MonkeyPatch.context() as patch:
        server.start()
        host, port = server.get_host_and_port()
        for name, value in {**VARIABLES, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
            patch.setenv(name, value)
        urllib.request.urlopen(f"http://{host}:{port}/moto-api/reset", b"").close()  # of the servers of other tests
        try:
            yield ObjectStore(boto3.client("s3"))
        finally:
            server.stop()
            for protocol in STORES:
                if protocol.startswith("s3"):
                    fsspec.get_filesystem_class(protocol).clear_instance_cache()
