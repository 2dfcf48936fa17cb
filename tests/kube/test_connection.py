import pytest
import yaml

from securebucket.kube.connection import NotConnectedError, load_connection


def test_a_named_kubeconfig_is_used(tmp_path, monkeypatch):
    monkeypatch.delenv("KUBECONFIG", raising=False)
    path = tmp_path / "config"
    path.write_text(
        yaml.safe_dump(
            {
                "current-context": "x",
                "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
                "clusters": [{"name": "c", "cluster": {"server": "https://kube.example.com:6443"}}],
                "users": [{"name": "u", "user": {"token": "t0ken"}}],
            }
        )
    )
    connection = load_connection(str(path))
    assert connection.host == "https://kube.example.com:6443"
    assert connection.auth_settings()["BearerToken"]["value"] == "Bearer t0ken"
    monkeypatch.setenv("KUBECONFIG", str(path))
    assert load_connection().host == "https://kube.example.com:6443"


def test_nothing_to_connect_with_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(NotConnectedError, match="Set KUBECONFIG"):
        load_connection()


def test_a_pod_without_a_token_says_what_to_do(monkeypatch):
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    with pytest.raises(NotConnectedError, match="automountServiceAccountToken"):
        load_connection()
