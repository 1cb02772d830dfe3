"""Who may use the server: hosts, origins, tokens, and the headers of every response."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from meetscribe.errors import SettingsError
from meetscribe.server.security import RESPONSE_HEADERS
from meetscribe.server.settings import ServerSettings
from tests.server.running import RunningServer, local_settings, running_server


@pytest.mark.parametrize("host", ["127.0.0.1:1", "localhost", "[::1]:80", "10.0.0.1"])
def test_known_hosts(server: RunningServer, host: str) -> None:
    assert server.client.get("/api/jobs", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "", "[::1", "a@127.0.0.1.example"])
def test_another_name_for_this_machine_is_refused(server: RunningServer, host: str) -> None:
    """A page of that name would otherwise use the server through the browser (DNS rebinding)."""
    answer = server.client.get("/api/jobs", headers={"Host": host})
    assert (answer.status_code, answer.json()["error"]["code"]) == (421, "host")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:1", "file://", "http://["])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_requests_of_other_pages_are_refused(server: RunningServer, origin: str, method: str) -> None:
    answer = server.client.request(method, "/api/jobs", headers={"Origin": origin})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "origin")


def test_a_cross_site_form_without_an_origin_is_refused(server: RunningServer) -> None:
    answer = server.client.post("/api/jobs", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_the_own_page_may_do_everything(server: RunningServer) -> None:
    answer = server.client.post("/api/jobs", headers={"Origin": server.url, "Sec-Fetch-Site": "same-origin"}, json={})
    assert answer.json()["error"]["code"] == "name"


def test_the_headers_of_every_response(server: RunningServer) -> None:
    """Also of errors; the policy allows no script but those of the server, none within the page."""
    for path in ("/", "/page/main.js", "/api/jobs", "/nothing", "/api/jobs/0000000000000000"):
        headers = server.client.get(path).headers
        assert all(headers[name] == value for name, value in RESPONSE_HEADERS.items()), path
    assert "unsafe" not in RESPONSE_HEADERS["Content-Security-Policy"]
    page = server.client.get("/").text
    assert "<script>" not in page and "style=" not in page and "onclick" not in page


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Return a server that requires a token."""
    with running_server(local_settings(tmp_path_factory.mktemp("closed"), token="secret")) as found:
        yield found


class TestToken:
    def test_without_it_only_the_page_is_served(self, closed: RunningServer) -> None:
        with httpx.Client(base_url=closed.url) as stranger:
            assert stranger.get("/").status_code == 200
            assert stranger.get("/page/main.js").status_code == 200
            for path in ("/api/jobs", "/api/session", "/v1/models", "/metrics", "/page/../api/jobs"):
                assert stranger.get(path).status_code in (401, 404), path
            wrong = {"Authorization": "Bearer secre"}
            assert stranger.get("/api/jobs", headers=wrong).json()["error"]["code"] == "token"

    def test_a_header_or_the_cookie_of_the_page_is_enough(self, closed: RunningServer) -> None:
        """The cookie is not the token, scripts cannot read it, and other sites do not send it."""
        assert closed.client.get("/api/jobs").status_code == 200
        with httpx.Client(base_url=closed.url) as page:
            assert page.post("/api/login", json={"token": "wrong"}).status_code == 401
            answer = page.post("/api/login", json={"token": "secret"})
            cookie = answer.headers["set-cookie"].lower()
            assert "httponly" in cookie and "samesite=strict" in cookie and "secret" not in cookie
            assert page.get("/api/jobs").status_code == 200

    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org"])
    def test_an_open_address_requires_it(self, host: str) -> None:
        with pytest.raises(SettingsError, match="could use the server"):
            ServerSettings(host=host)
        assert ServerSettings(host=host, token="secret").host == host


def test_hostile_names_are_data(server: RunningServer) -> None:
    """A name of a file never chooses a path, and comes back as it was."""
    for name in ("..", "a/../../b.wav", "<img src=x onerror=alert(1)>.wav", "x" * 255, "a\tb.wav"):
        id = server.client.post("/api/jobs", json={"name": name, "size": 5}).json()["id"]
        assert server.client.get(f"/api/jobs/{id}").json()["name"] == name
        server.client.delete(f"/api/jobs/{id}")


def test_a_wrong_token_is_not_a_missing_one(closed: RunningServer) -> None:
    """Also one in the cookie of a page that was opened before the token changed."""
    missing = httpx.get(f"{closed.url}/api/jobs").json()["error"]
    assert missing["message"] == "a token is required"
    for headers in ({"Authorization": "Bearer other"}, {"Cookie": "meetscribe_session=old"}):
        answer = httpx.get(f"{closed.url}/api/jobs", headers=headers)
        assert (answer.status_code, answer.json()["error"]["message"]) == (401, "the token is wrong")
