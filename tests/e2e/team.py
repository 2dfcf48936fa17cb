"""An app team with a namespace of its own: applies YAML, looks at what became of it, and at its buckets."""

import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any

import yaml
from tests.e2e.api import GROUP, MERGE, Api, Body
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import SECONDS, until

from securebucket_dev.s3 import bare


class Team:
    """One namespace, and the S3 server without any proxy before it.

    Args:
        api: as whom it looks.
        kubectl: with which it applies.
        endpoint: of the S3 server.
        namespace: its name, where it matters; made up where it is empty.
    """

    def __init__(self, api: Api, kubectl: Kubectl, endpoint: str, namespace: str = "") -> None:
        self.api = api
        self.namespace = namespace or f"team-{uuid.uuid4().hex[:8]}"
        self.s3 = bare.client(endpoint)
        self._kubectl = kubectl
        created = api.ask("POST", "/api/v1/namespaces", {"metadata": {"name": self.namespace}})
        assert created.status == 201 or namespace, created.body

    def bucket(self, name: str = "invoices") -> str:
        """Name the bucket of an object: unique, since all tests share one S3 server."""
        return f"{self.namespace}-{name}"

    def document(self, name: str = "invoices", **spec: Any) -> Body:
        """Write a SecureBucket with a bucket name of its own."""
        return {
            "apiVersion": "securebucket.io/v1alpha1",
            "kind": "SecureBucket",
            "metadata": {"name": name, "namespace": self.namespace},
            "spec": {"bucketName": self.bucket(name)} | spec,
        }

    def kubectl(self, *arguments: str, stdin: str = "") -> str:
        """Run kubectl in the namespace; it must succeed."""
        done = self._kubectl("-n", self.namespace, *arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *arguments: str, stdin: str = "") -> str:
        """Run kubectl in the namespace; it must fail, and what it says is given."""
        done = self._kubectl("-n", self.namespace, *arguments, stdin=stdin)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def apply(self, name: str = "invoices", **spec: Any) -> None:
        """`kubectl apply` a SecureBucket."""
        self.kubectl("apply", "-f", "-", stdin=yaml.safe_dump(self.document(name, **spec)))

    def make_profile(self, **spec: Any) -> None:
        """Make a BucketProfile with the namespace's name and for it alone, or change it."""
        body = {
            "apiVersion": "securebucket.io/v1alpha1",
            "kind": "BucketProfile",
            "metadata": {"name": self.namespace},
            "spec": {"namespaces": [self.namespace]} | spec,
        }
        self.kubectl("apply", "-f", "-", stdin=yaml.safe_dump(body))

    def exception(self, name: str = "accepted", *, ends_in: float = 30 * 86400.0, **spec: Any) -> Body:
        """Write a BucketException that ends in so many seconds, for the bucket of `invoices` or with a selector."""
        end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ends_in)
        usual = {
            "check": "public-access-blocked",
            "reason": "it serves the public website",
            "approver": "security@acme.example",
            "expiresAt": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
        } | ({} if "selector" in spec else {"bucketName": self.bucket()})
        return {
            "apiVersion": "securebucket.io/v1alpha1",
            "kind": "BucketException",
            "metadata": {"name": name, "namespace": self.namespace},
            "spec": usual | spec,
        }

    def grant(self, name: str = "accepted", **options: Any) -> None:
        """`kubectl apply` a BucketException."""
        self.kubectl("apply", "-f", "-", stdin=yaml.safe_dump(self.exception(name, **options)))

    def until_exception(self, kind: str, reason: str, name: str = "accepted") -> Body:
        """Wait until a condition of a BucketException has a reason, and give it."""
        path = f"{GROUP}/namespaces/{self.namespace}/bucketexceptions/{name}"

        def look() -> Body:
            found = condition(self.api.do("GET", path), kind)
            return found if found.get("reason") == reason else {}

        return until(look, told=lambda: self.api.do("GET", path).get("status"))

    def apply_ready(self, name: str = "invoices", **spec: Any) -> Body:
        """Apply a SecureBucket, and give it when it is Ready."""
        self.apply(name, **spec)
        return self.until_ready(name)

    def read(self, name: str = "invoices") -> Body:
        """Read an object."""
        return self.api.do("GET", self.path(name))

    def exists(self, name: str = "invoices") -> bool:
        """Tell whether the object is there."""
        return self.api.ask("GET", self.path(name)).status == 200

    def path(self, name: str = "invoices") -> str:
        """Give the object's path."""
        return f"{GROUP}/namespaces/{self.namespace}/securebuckets/{name}"

    def patch(self, patch: Body, name: str = "invoices") -> Body:
        """Merge a patch into an object."""
        return self.api.do("PATCH", self.path(name), patch, MERGE)

    def annotate(self, name: str = "invoices", **annotations: str | None) -> None:
        """Set our annotations: `reconcile_at` is `securebucket.io/reconcile-at`."""
        ours = {f"securebucket.io/{key.replace('_', '-')}": value for key, value in annotations.items()}
        self.patch({"metadata": {"annotations": ours}}, name)

    def check_now(self, name: str = "invoices") -> Body:
        """Ask for a pass, and give the object after it."""
        asked = uuid.uuid4().hex
        self.annotate(name, reconcile_at=asked)
        return self.until(lambda body: body.get("status", {}).get("lastHandledReconcileAt") == asked, name)

    def delete(self, name: str = "invoices") -> None:
        """Delete an object, without waiting for its end."""
        self.kubectl("delete", "sb", name, "--wait=false")

    def until(self, fits: Callable[[Body], object], name: str = "invoices", seconds: float = SECONDS) -> Body:
        """Wait until the object is as it should be, and give it."""
        last: Body = {}

        def look() -> Body:
            last.update(self.read(name))
            return last if fits(last) else {}

        return until(look, seconds, told=lambda: json.dumps(last.get("status"), indent=1)[:4000])

    def until_ready(self, name: str = "invoices", seconds: float = SECONDS) -> Body:
        """Wait until the object's present generation is Ready."""
        return self.until(is_ready, name, seconds)

    def until_stalled(self, name: str = "invoices") -> Body:
        """Wait until somebody has to act, and give the condition Stalled."""
        return condition(self.until(lambda body: condition(body, "Stalled") and is_current(body), name), "Stalled")

    def until_gone(self, name: str = "invoices", seconds: float = SECONDS) -> None:
        """Wait until the object is gone."""
        until(lambda: not self.exists(name), seconds, told=lambda: self.read(name))

    def events(self, name: str = "invoices") -> list[Body]:
        """Read the Events about an object."""
        items = self.api.do("GET", f"/apis/events.k8s.io/v1/namespaces/{self.namespace}/events")["items"]
        return [each for each in items if each["regarding"]["name"] == name]

    def buckets(self) -> list[str]:
        """Name the team's buckets."""
        found = self.s3.list_buckets(Prefix=self.namespace)["Buckets"]
        return [each["Name"] for each in found if each["Name"].startswith(self.namespace)]

    def bucket_tags(self, name: str = "invoices") -> dict[str, str]:
        """Read the tags of an object's bucket."""
        found = self.s3.get_bucket_tagging(Bucket=self.bucket(name))["TagSet"]
        return {each["Key"]: each["Value"] for each in found}

    def leave(self) -> None:
        """Take the objects along; the namespace stays, since nobody here could end its deletion."""
        self.api.ask("DELETE", f"{GROUP}/namespaces/{self.namespace}/bucketexceptions")
        folder = f"{GROUP}/namespaces/{self.namespace}/securebuckets"
        for each in self.api.do("GET", folder)["items"]:
            path = f"{folder}/{each['metadata']['name']}"
            if each["metadata"].get("finalizers"):
                self.api.ask("PATCH", path, {"metadata": {"finalizers": None}}, MERGE)
            self.api.ask("DELETE", path)
        self.api.ask("DELETE", f"{GROUP}/bucketprofiles/{self.namespace}")


def condition(body: Body, kind: str) -> Body:
    """Give a condition of an object; empty when it is absent."""
    conditions = body.get("status", {}).get("conditions", [])
    return next((each for each in conditions if each["type"] == kind), {})


def is_ready(body: Body) -> bool:
    """Tell whether the object is Ready as it is declared now."""
    return condition(body, "Ready").get("status") == "True" and is_current(body)


def is_current(body: Body) -> bool:
    """Tell whether the status is about the present spec."""
    return bool(body.get("status", {}).get("observedGeneration") == body["metadata"]["generation"])


def state(body: Body, control: str) -> str:
    """Give the state of one control, e.g. `InSync`; empty when it is not told."""
    controls = body.get("status", {}).get("controls", [])
    return next((str(each["state"]) for each in controls if each["name"] == control), "")
