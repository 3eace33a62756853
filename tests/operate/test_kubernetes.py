"""deploy/kubernetes: what a cluster would take, what it may do there, and that its versions are of the one home."""

import re
from typing import Any

import kubernetes_validate
import pytest
import yaml

from tests.operate.documents import OPERATE, PROJECT

_DEPLOY = PROJECT / "deploy"
_VERSION = "1.33"
# Kinds that an operator brings along, of which the validator knows nothing.
_CUSTOM = {("postgresql.cnpg.io/v1", "Cluster")}
_FILES = sorted((_DEPLOY / "kubernetes").glob("*.yaml"))
_RESOURCES: list[dict[str, Any]] = [one for path in _FILES for one in yaml.safe_load_all(path.read_text())]
_PODS = {
    one["metadata"]["name"]: one["spec"]["template"]
    for one in _RESOURCES
    if one["kind"] in ("Deployment", "StatefulSet", "Job")
}


def named(kind: str, name: str) -> dict[str, Any]:
    """The resource of that kind and name."""
    return next(one for one in _RESOURCES if (one["kind"], one["metadata"]["name"]) == (kind, name))


@pytest.mark.parametrize("resource", _RESOURCES, ids=lambda one: f"{one['kind']} {one['metadata']['name']}")
def test_every_resource_is_one_that_a_cluster_takes(resource: dict[str, Any]) -> None:
    if (resource["apiVersion"], resource["kind"]) in _CUSTOM:
        assert resource["spec"]["instances"] >= 2
    else:
        kubernetes_validate.validate(resource, _VERSION, strict=True)


def test_a_slip_in_a_resource_is_found() -> None:
    slip = {**named("Deployment", "api"), "spec": {**named("Deployment", "api")["spec"], "replica": 2}}
    with pytest.raises(kubernetes_validate.ValidationError, match="replica"):
        kubernetes_validate.validate(slip, _VERSION, strict=True)


def test_the_kustomization_names_every_file_and_nothing_that_is_not_there() -> None:
    whole = yaml.safe_load((_DEPLOY / "kustomization.yaml").read_text())
    assert sorted(whole["resources"]) == [path.relative_to(_DEPLOY).as_posix() for path in _FILES]
    settings = [name for one in whole["configMapGenerator"] for name in one["files"]]
    assert [name for name in settings if not (_DEPLOY / name).is_file()] == []
    volumes = [volume for pod in _PODS.values() for volume in pod["spec"]["volumes"]]
    assert {one["configMap"]["name"] for one in volumes if "configMap" in one} == {
        one["name"] for one in whole["configMapGenerator"]
    }


def test_images_are_those_of_the_one_home() -> None:
    home = dict(re.findall(r"^ESCRUTINIO_(\w+)_IMAGE=([^@\s]+)", (_DEPLOY / "images.env").read_text(), re.MULTILINE))
    images = {container["image"] for pod in _PODS.values() for container in pod["spec"]["containers"]}
    assert images == {"escrutinio", home["NGINX"]}
    assert named("Cluster", "postgres")["spec"]["imageName"].rpartition(":")[2] == home["POSTGRES"].rpartition(":")[2]


@pytest.mark.parametrize("name", _PODS)
def test_no_pod_may_more_than_it_must(name: str) -> None:
    pod = _PODS[name]["spec"]
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    for container in pod["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "memory" in container["resources"]["limits"]


def test_one_poller_is_never_two_and_replicas_follow_the_sockets() -> None:
    assert named("StatefulSet", "poller")["spec"]["replicas"] == 1
    scaler = named("HorizontalPodAutoscaler", "api")["spec"]
    metrics = [one["pods"]["metric"]["name"] for one in scaler["metrics"] if one["type"] == "Pods"]
    assert metrics == ["escrutinio_subscribers"]
    assert scaler["scaleTargetRef"]["name"] == named("Deployment", "api")["metadata"]["name"]
    assert scaler["minReplicas"] >= 2


def test_what_the_replicas_of_the_compose_file_start_a_cluster_starts_too() -> None:
    compose = yaml.safe_load((PROJECT / "compose.yaml").read_text())["services"].values()
    wanted = {
        tuple(one["command"][:2]) for one in compose if "replicas" in one.get("profiles", ()) and "command" in one
    }
    started = {tuple(one["args"][:2]) for pod in _PODS.values() for one in pod["spec"]["containers"] if "args" in one}
    assert wanted - started == set()


def test_one_writes_the_files_of_counts_and_who_serves_them_may_only_read() -> None:
    folder = named("ConfigMap", "escrutinio")["data"]["ESCRUTINIO_FILES"]
    mounted = {
        container["name"]: mount.get("readOnly", False)
        for pod in _PODS.values()
        for container in pod["spec"]["containers"]
        for mount in container["volumeMounts"]
        if mount["mountPath"] == folder
    }
    assert mounted == {"files": False, "api": True, "nginx": True}
    assert f"root {folder};" in (_DEPLOY / "nginx.conf").read_text()
    maker = named("Deployment", "files")["spec"]
    assert (maker["replicas"], maker["strategy"]["type"]) == (1, "Recreate")
    assert named("PersistentVolumeClaim", "files")["spec"]["accessModes"] == ["ReadWriteMany"]


def test_nobody_is_reached_who_is_not_named() -> None:
    policies = [one for one in _RESOURCES if one["kind"] == "NetworkPolicy"]
    closed = named("NetworkPolicy", "nobody")["spec"]
    assert (closed["podSelector"], closed["policyTypes"]) == ({}, ["Ingress", "Egress"])
    parts = {pod["metadata"]["labels"]["part"] for pod in _PODS.values()}
    told = re.findall(r"'part': '(\w+)'|'values': (\[[^]]*\])", str(policies))
    assert {name for one, several in told for name in [one, *re.findall(r"'(\w+)'", several)] if name} == parts


def test_its_document_names_the_adapter_and_every_secret_that_must_be_made() -> None:
    text = (OPERATE / "kubernetes.md").read_text("utf-8")
    made = {"postgres-app", "escrutinio-tls"}  # by the operator, and by whoever makes certificates
    wanted = set(re.findall(r"'secretKeyRef': {'name': '([\w-]+)'", str(_RESOURCES))) - made
    assert [name for name in (*wanted, "prometheus-adapter") if name not in text] == []
