"""The files for places to run in: whole, of one mind with each other, and with a configuration that is good.

That the image is built and the unit runs is tried by `make places`; here is what can be read off them anywhere.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.places.dockerfile import ROOT, Stage, context, stages
from tests.places.documents import files_of
from watcher.cli import COMMANDS, outcome
from watcher.config.files import Files
from watcher.config.rulefiles import read_rules
from watcher.run.health import LATE
from watcher.run.watchdog import Patience
from watcher.yamldoc.units import duration, size


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


# --- the image --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def image() -> list[Stage]:
    return stages(text("Dockerfile"))


def test_the_image_is_made_of_what_its_build_may_see(image: list[Stage]) -> None:
    sent = context()
    for stage in image:
        assert not stage.all("ADD"), "which fetches and unpacks"
        for copied in (copy for copy in stage.all("COPY") if "from" not in copy.options):
            *sources, _ = copied.words
            for source in sources:
                assert any(name == source or name.startswith(f"{source}/") for name in sent), source
    assert {name.partition("/")[0] for name in sent} == {
        "LICENSE",
        "README.md",
        "pyproject.toml",
        "requirements.txt",
        "watcher",
    }
    assert not [name for name in sent if name.endswith(".pyc")]


def test_the_image_comes_from_a_base_with_a_tag_and_no_address_stands_in_it(image: list[Stage]) -> None:
    assert {stage.base for stage in image} == {"debian:bookworm-slim"}
    assert "://" not in text("Dockerfile")
    assert not re.search(r"(?i)token|passw|secret", text("Dockerfile"))


def test_the_last_stage_runs_the_watcher_as_nobody_in_particular(image: list[Stage]) -> None:
    last = image[-1]
    user, _, group = last.only("USER").rest.partition(":")
    assert int(user) > 0
    assert int(group) > 0
    command = [*last.only("ENTRYPOINT").words, *last.only("CMD").words]
    assert command == ["tini", "--", "watcher", "run"]
    assert last.only("HEALTHCHECK").rest == 'CMD ["watcher", "healthcheck"]'
    assert {"run", "healthcheck"} <= set(COMMANDS)
    assert last.only("VOLUME").words == [last.only("WORKDIR").rest] == ["/var/lib/watcher"]
    assert last.only("STOPSIGNAL").rest == "SIGTERM"
    assert last.only("ENV").pairs["WATCHER_CONFIG"] == "/etc/watcher/watcher.yaml"
    assert last.only("ENV").pairs["PATH"].startswith("/opt/watcher/bin:")
    assert not [run for run in last.all("RUN") if "pip" in run.rest]


def test_the_image_says_which_version_it_is(image: list[Stage]) -> None:
    project = tomllib.loads(text("pyproject.toml"))["project"]
    assert image[-1].only("LABEL").pairs["org.opencontainers.image.version"] == project["version"]
    assert image[-1].only("LABEL").pairs["org.opencontainers.image.licenses"] == project["license"]


def wanted_by() -> dict[str, set[str]]:
    """Of each locked package those for whose sake it is there."""
    found: dict[str, set[str]] = {}
    for block in re.split(r"\n(?=\S)", text("requirements.txt")):
        if name := re.match(r"([a-z0-9-]+)==", block):
            found[name[1]] = set(re.findall(r"^ +# +(?:via )?([a-z0-9-]+)", block, re.MULTILINE)) - {"via"}
    return found


def test_what_is_needed_to_build_alone_does_not_stay_in_the_image(image: list[Stage]) -> None:
    build, wanted = {"editables", "hatchling"}, wanted_by()
    alone = {name for name, by in wanted.items() if by <= build} | build
    (removed,) = (run.rest for run in image[0].all("RUN") if "uninstall" in run.rest)
    named = set(removed.partition("uninstall --yes ")[2].partition(" &&")[0].split())
    assert named == alone | {"pip"}
    assert wanted["pip"] == {"sqlite-utils"}, "whose plugins we do not install"


# --- the configurations -----------------------------------------------------------------------------


def kubernetes() -> dict[tuple[str, str], dict[str, Any]]:
    documents = yaml.safe_load_all(text("config/kubernetes.yaml"))
    return {(each["kind"], each["metadata"]["name"]): each for each in documents}


def places() -> Iterator[tuple[str, dict[str, str]]]:
    """The files that each place is given, by their place."""
    for name in ("docker", "systemd"):
        yield name, files_of(f"docs/how-to-{name}.md")
    found = kubernetes()
    whole = {f"/etc/watcher/{name}": value for name, value in found["ConfigMap", "watcher"]["data"].items()}
    rules = {f"/etc/watcher-rules/{n}": value for n, value in found["ConfigMap", "watcher-rules"]["data"].items()}
    yield "kubernetes", whole | rules


PLACES = dict(places())


@pytest.mark.parametrize("place", PLACES)
def test_the_configuration_of_each_place_is_good(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in PLACES[place].items():
        path = tmp_path / name.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content.replace("[/etc/watcher-rules]", f"[{tmp_path}/etc/watcher-rules]"), "utf-8")
    (config,) = tmp_path.rglob("watcher.yaml")
    assert outcome(["check", "--strict", "--config", str(config)]) == 0, capsys.readouterr()
    said = capsys.readouterr()
    assert re.findall(r"(error|warning)\[", said.err) == []
    given = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    (tmp_path / "slack_url").write_text("console://\n")
    config.write_text(re.sub(r"\$\{file:[^}]*\}", f"${{file:{tmp_path}/slack_url}}", config.read_text()))
    settings = Files(config, given, learn=lambda _: None, open_outlets=lambda _: ()).first().settings
    assert settings.store_url.endswith("/var/lib/watcher/watcher.db")
    assert settings.listen == (("127.0.0.1", 8473) if place == "systemd" else ("0.0.0.0", 8473))


def test_rules_of_a_mounted_config_map_are_read_once_however_it_is_laid_out(tmp_path: Path) -> None:
    """A folder with a time in its name, a link to it, and links through that link."""
    for version, match in (("..2026_03_01", "strike"), ("..2026_03_02", "flood")):
        (tmp_path / version).mkdir()
        (tmp_path / version / "rules.yaml").write_text(f"rules: [{{id: a, match: {match}}}]\n")
    (tmp_path / "..data").symlink_to("..2026_03_01")
    (tmp_path / "rules.yaml").symlink_to("..data/rules.yaml")
    assert list(read_rules([str(tmp_path)])) == [str(tmp_path / "rules.yaml")]
    (tmp_path / "..data_tmp").symlink_to("..2026_03_02")
    (tmp_path / "..data_tmp").replace(tmp_path / "..data")
    assert b"flood" in read_rules([str(tmp_path)])[str(tmp_path / "rules.yaml")]


# --- compose ----------------------------------------------------------------------------------------


def test_compose_gives_the_container_nothing_it_does_not_need(image: list[Stage]) -> None:
    whole = yaml.safe_load(text("config/compose.yaml"))
    assert set(whole) == {"name", "services", "secrets", "volumes"}
    service = whole["services"]["watcher"]
    assert service["user"] == image[-1].only("USER").rest
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert all(key != "privileged" and key not in {"cap_add", "network_mode", "pid"} for key in service)
    mounts = dict(mount.split(":")[:2] for mount in service["volumes"])
    assert mounts == {"./etc": "/etc/watcher", "data": image[-1].only("VOLUME").words[0]}
    assert "./etc:/etc/watcher:ro" in service["volumes"]
    assert set(whole["volumes"]) == {"data"}
    assert [tmp.partition(":")[0] for tmp in service["tmpfs"]] == ["/tmp"]
    assert set(service["secrets"]) == set(whole["secrets"])
    assert service["healthcheck"]["test"] == ["CMD", "watcher", "healthcheck"]
    assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert service["restart"] == "unless-stopped"
    assert duration(service["stop_grace_period"]) > 5
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    urls = re.findall(r"\$\{file:/run/secrets/(\w+)\}", PLACES["docker"]["etc/watcher.yaml"])
    assert urls == service["secrets"]


# --- Kubernetes -------------------------------------------------------------------------------------

API: Mapping[str, set[str]] = {
    "ConfigMap": {"data"},
    "Secret": {"type", "stringData"},
    "PersistentVolumeClaim": {"spec"},
    "Deployment": {"spec"},
}
"""What each kind may have beside apiVersion, kind and metadata."""
POD = {
    "automountServiceAccountToken",
    "enableServiceLinks",
    "terminationGracePeriodSeconds",
    "securityContext",
    "containers",
    "volumes",
}
CONTAINER = {
    "name",
    "image",
    "args",
    "ports",
    "startupProbe",
    "livenessProbe",
    "readinessProbe",
    "resources",
    "securityContext",
    "volumeMounts",
}
PROBE = {"httpGet", "periodSeconds", "timeoutSeconds", "failureThreshold"}


def pod() -> dict[str, Any]:
    whole: dict[str, Any] = kubernetes()["Deployment", "watcher"]["spec"]["template"]["spec"]
    return whole


def test_the_objects_are_what_the_api_takes() -> None:
    found = kubernetes()
    versions = {kind: each["apiVersion"] for (kind, _), each in found.items()}
    assert versions == dict.fromkeys(API, "v1") | {"Deployment": "apps/v1"}
    for (kind, _), each in found.items():
        assert set(each) == {"apiVersion", "kind", "metadata"} | API[kind]
        assert "namespace" not in each["metadata"]
    deployment = found["Deployment", "watcher"]["spec"]
    assert set(deployment) == {"replicas", "strategy", "revisionHistoryLimit", "selector", "template"}
    labels = deployment["template"]["metadata"]["labels"]
    assert deployment["selector"]["matchLabels"].items() <= labels.items()
    (container,) = pod()["containers"]
    assert (set(pod()), set(container)) == (POD, CONTAINER)
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        assert set(container[probe]) <= PROBE
        assert set(container[probe]["httpGet"]) == {"path", "port"}


def test_there_is_one_pod_at_a_time_and_it_is_asked_how_it_is() -> None:
    deployment = kubernetes()["Deployment", "watcher"]["spec"]
    assert (deployment["replicas"], deployment["strategy"]) == (1, {"type": "Recreate"})
    (container,) = pod()["containers"]
    paths = [container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness", "readiness")]
    assert paths == [{"path": path, "port": "http"} for path in ("/healthz", "/healthz", "/readyz")]
    (port,) = container["ports"]
    assert port == {"name": "http", "containerPort": 8473}
    annotations = deployment["template"]["metadata"]["annotations"]
    assert annotations["prometheus.io/port"] == "8473"
    assert annotations["prometheus.io/path"] == "/metrics"
    assert all(isinstance(value, str) for value in annotations.values())
    startup = container["startupProbe"]
    assert startup["periodSeconds"] * startup["failureThreshold"] >= 600, "a migration takes its time"


def test_what_is_mounted_is_there_and_what_is_named_is_mounted(image: list[Stage]) -> None:
    found, (container,) = kubernetes(), pod()["containers"]
    volumes = {volume["name"]: volume for volume in pod()["volumes"]}
    mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
    assert set(mounts) == set(volumes)
    assert all("subPath" not in mount for mount in mounts.values()), "with which no change arrives"
    assert ("ConfigMap", volumes["config"]["configMap"]["name"]) in found
    assert ("ConfigMap", volumes["rules"]["configMap"]["name"]) in found
    assert ("PersistentVolumeClaim", volumes["data"]["persistentVolumeClaim"]["claimName"]) in found
    secret = found["Secret", volumes["secrets"]["secret"]["secretName"]]
    told = found["ConfigMap", "watcher"]["data"]["watcher.yaml"]
    named = re.findall(r"\$\{file:([^}]*)\}", told)
    assert named == [f"{mounts['secrets']['mountPath']}/{key}" for key in secret["stringData"]]
    assert f"rules: [{mounts['rules']['mountPath']}]" in told
    assert f"data: {mounts['data']['mountPath']}\n" in told
    assert image[-1].only("ENV").pairs["WATCHER_CONFIG"] == f"{mounts['config']['mountPath']}/watcher.yaml"
    writable = {mount["mountPath"] for mount in mounts.values() if not mount.get("readOnly")}
    assert writable == {*image[-1].only("VOLUME").words, "/tmp"}


def test_the_pod_keeps_the_restricted_standard(image: list[Stage]) -> None:
    outer, (container,) = pod()["securityContext"], pod()["containers"]
    user, _, group = image[-1].only("USER").rest.partition(":")
    assert (outer["runAsNonRoot"], outer["runAsUser"], outer["runAsGroup"]) == (True, int(user), int(group))
    assert (outer["fsGroup"], outer["seccompProfile"]) == (int(group), {"type": "RuntimeDefault"})
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert pod()["automountServiceAccountToken"] is False
    assert container["resources"]["limits"].keys() == {"memory"}, "a limit on the processor makes it late"
    assert pod()["terminationGracePeriodSeconds"] > 5


# --- systemd ----------------------------------------------------------------------------------------


def unit() -> dict[str, list[str]]:
    """Every setting's values, in their order."""
    found: dict[str, list[str]] = {}
    for line in text("config/watcher.service").splitlines():
        if line and line[0] not in "#[":
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def test_the_unit_starts_the_watcher_again_whatever_ended_it() -> None:
    told = unit()
    assert told["Type"] == ["notify"]
    assert told["NotifyAccess"] == ["main"], "the parser of foreign bytes must not speak for it"
    assert told["Restart"] == ["on-failure"]
    assert told["StartLimitIntervalSec"] == ["0"], "else it is given up after some tries"
    assert "RestartPreventExitStatus" not in told, "78 is also a full disk, or a database that is held"
    assert duration(told["WatchdogSec"][0].removesuffix("in")) > max(LATE, Patience().end), (
        "it gives up by itself first"
    )
    assert duration(told["TimeoutStopSec"][0]) > 5
    assert told["LimitCORE"] == ["0"]
    assert size(f"{told['MemoryMax'][0]}iB") > 2**30
    assert told["ExecStart"] == ["/opt/watcher/bin/watcher run --config /etc/watcher/watcher.yaml"]
    assert told["ExecReload"] == ["/bin/kill -HUP $MAINPID"]


def test_the_unit_lets_the_watcher_do_what_it_has_to() -> None:
    told = unit()
    assert told["RestrictAddressFamilies"] == ["AF_INET AF_INET6 AF_UNIX"]
    assert told["SystemCallFilter"][-1] == "prlimit64 setrlimit", "the parser's process limits itself, after all"
    assert told["User"] == told["Group"] == ["watcher"]
    assert text("config/watcher.sysusers").splitlines()[-1].split()[:3] == ["u", *told["User"], "-"]
    assert told["StateDirectory"] == ["watcher"]
    assert {"MemoryDenyWriteExecute", "NoNewPrivileges", "PrivateUsers", "PrivateDevices", "ProtectProc"} <= set(told)
    assert told["CapabilityBoundingSet"] == [""]


def test_the_how_to_hands_over_the_credential_that_its_configuration_names() -> None:
    files = PLACES["systemd"]
    (named,) = re.findall(r"\$\{cred:(\w+)\}", files["/etc/watcher/watcher.yaml"])
    (given,) = re.findall(
        r"^LoadCredential=(.*)$", files["/etc/systemd/system/watcher.service.d/secrets.conf"], re.MULTILINE
    )
    assert given == f"{named}:/etc/watcher/secrets/{named}"
    assert f"> /etc/watcher/secrets/{named}\n" in text("docs/how-to-systemd.md")
