"""Who may talk to the control plane: users with a bearer token, and the kubeconfig files that carry it."""

import base64
import csv
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class User:
    """A name that RBAC bindings can speak of.

    A service account needs no object to be one: name `system:serviceaccount:NAMESPACE:NAME` with the groups
    `system:serviceaccounts` and `system:serviceaccounts:NAMESPACE`. Every user is in `system:authenticated` anyway.
    """

    name: str
    groups: tuple[str, ...] = ()
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)


def write_tokens(path: Path, users: Iterable[User]) -> None:
    """Write kube-apiserver's static token file, readable by the owner only.

    The columns: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#static-token-file
    """
    path.touch(mode=0o600)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([user.token, user.name, user.name, ",".join(user.groups)] for user in users)


def write_kubeconfig(path: Path, url: str, authority: Path, user: User) -> None:
    """Write a kubeconfig with one context; the token and the authority's certificate are inside."""
    path.touch(mode=0o600)
    certificate = base64.b64encode(authority.read_bytes()).decode()
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "tests", "cluster": {"server": url, "certificate-authority-data": certificate}}],
        "users": [{"name": user.name, "user": {"token": user.token}}],
        "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": user.name}}],
        "current-context": "tests",
    }
    path.write_text(yaml.safe_dump(config, sort_keys=False))
