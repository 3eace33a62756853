"""Checks of what an installation puts on a machine: a user, folders, units, settings, secrets, the proxy's files."""

import re
import stat
from collections.abc import Iterator
from pathlib import Path

from api.commands.deployment.finding import Finding
from api.commands.deployment.machine import UNITS, Machine

# What has to be a secret's file instead: anybody on the machine may read the settings, and `systemctl show` tells them.
_SECRET = re.compile(
    r"^\s*ESCRUTINIO_(\w*(?:_KEY|_TOKEN|_SECRET|_PASSWORD)|DATABASE_URL(?==.*://[^/\s:]*:[^/\s]*@))=", re.M
)
_AS_ROOT = "sudo escrutinio doctor --deploy"
_PROXY = Path("etc/nginx")
_TARGET = Path("etc/systemd/system")
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def check_files(machine: Machine) -> Iterator[Finding]:
    """A finding a kind of what is to be there, in the order in which it is installed."""
    for check in (_user, _folders, _units, _enabled, _settings, _credentials, _proxy, _replicas):
        yield check(machine)


def _user(machine: Machine) -> Finding:
    name, uid = machine.user, machine.uid(machine.user)
    if uid is None:
        mend = _copy(machine, "systemd/escrutinio.sysusers.conf", "usr/lib/sysusers.d/escrutinio.conf")
        return Finding("user", False, f"there is no user {name}", f"{mend} && systemd-sysusers")
    return Finding("user", True, f"{name} has the number {uid}")


def _folders(machine: Machine) -> Finding:
    wrong = list[str]()
    for folder in machine.folders:
        wanted = (machine.uid(folder.user), machine.gid(folder.group), folder.mode)
        try:
            found = folder.path.stat()
        except PermissionError:
            return Finding("folders", False, f"{folder.path.parent} may not be looked into", _AS_ROOT)
        except OSError:
            wrong.append(f"{folder.path} is missing")
            continue
        if not stat.S_ISDIR(found.st_mode):
            wrong.append(f"{folder.path} is no folder")
        elif (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) != wanted:
            wrong.append(f"{folder.path} is not {folder.user}:{folder.group} {folder.mode:04o}")
    if wrong:
        mend = _copy(machine, "systemd/escrutinio.tmpfiles.conf", "usr/lib/tmpfiles.d/escrutinio.conf")
        return Finding("folders", False, "; ".join(wrong), f"{mend} && systemd-tmpfiles --create escrutinio.conf")
    return Finding("folders", True, f"{len(machine.folders)} with their owners and modes")


def _units(machine: Machine) -> Finding:
    folder = machine.shipped / "systemd"
    files = (
        path for path in sorted(folder.rglob("*")) if path.suffix in (".service", ".target") or path.parent != folder
    )
    names = [str(path.relative_to(folder)) for path in files]
    missing = [name for name in names if machine.unit(name) is None]
    altered = [
        name for name in names if (path := machine.unit(name)) and path.read_bytes() != (folder / name).read_bytes()
    ]
    if not missing and not altered:
        return Finding("units", True, f"{len(names)}, as this version ships them")
    told = [f"{name} is missing" for name in missing]
    told += [
        f"{name} is not as this version ships it (changes of your own belong to `systemctl edit`)" for name in altered
    ]
    mend = f"cp -r {folder}/*.service* {folder}/*.service.d {folder}/*.target /{UNITS[0]}/ && systemctl daemon-reload"
    return Finding("units", False, "; ".join(told), mend)


def _enabled(machine: Machine) -> Finding:
    wants = machine.root / _TARGET / "escrutinio.target.wants"
    begun = {path.name.partition("@")[0].removesuffix(".service") for path in wants.glob("*.service")}
    lacking = [
        name
        for name in ("escrutinio-poll", "escrutinio-serve", "escrutinio-export", "escrutinio-files")
        if name not in begun
    ]
    is_begun = (machine.root / _TARGET / "multi-user.target.wants" / "escrutinio.target").is_symlink()
    if lacking or not is_begun:
        what = ", ".join([*lacking, *([] if is_begun else ["escrutinio.target"])])
        units = "escrutinio.target escrutinio-poll escrutinio-serve@8001 escrutinio-serve@8002"
        units += " escrutinio-export escrutinio-files"
        return Finding("enabled", False, f"not begun when the machine starts: {what}", f"systemctl enable {units}")
    return Finding("enabled", True, "all of it begins when the machine starts")


def _settings(machine: Machine) -> Finding:
    path = machine.settings_file
    if not path.is_file():
        mend = _copy(machine, "systemd/escrutinio.env", "etc/escrutinio/escrutinio.env")
        return Finding("settings", False, f"there is no {path}", mend)
    secret = _SECRET.search(path.read_text())
    if secret is not None:
        name = secret[1].lower()
        what = f"{path} holds a secret, {secret[1]}, that anybody here may read: take the line out"
        return Finding("settings", False, what, _drop(machine, f"serve/{name}"))
    return Finding("settings", True, f"{path}, nothing in it is secret")


def _credentials(machine: Machine) -> Finding:
    try:
        files = [path for path in sorted(machine.credentials.glob("*/*")) if path.is_file()]
        open_ones = [path for path in files if path.stat().st_mode & _FOR_OTHERS]
        is_there = machine.credentials.joinpath("serve", "address_key").is_file()
    except PermissionError:
        return Finding("credentials", False, f"{machine.credentials} may not be looked into", _AS_ROOT)
    if open_ones:
        named = " ".join(map(str, open_ones))
        return Finding("credentials", False, f"others may read {named}", f"chmod 600 {named}")
    if links := [path for path in files if path.is_symlink()]:
        what = f"{', '.join(map(str, links))}: systemd hands no links on"
        return Finding("credentials", False, what, f"cp --remove-destination $(readlink -f {links[0]}) {links[0]}")
    if not is_there:
        what = "there is no serve/address_key, so each replica counts failed attempts alone"
        return Finding(
            "credentials", False, what, f"head -c 32 /dev/urandom | base64 | {_drop(machine, 'serve/address_key')}"
        )
    named = ", ".join(f"{path.parent.name}/{path.name}" for path in files)
    return Finding("credentials", True, f"{named}; nobody but root may read them")


def _proxy(machine: Machine) -> Finding:
    path = machine.root / _PROXY / "nginx.conf"
    text = path.read_text() if path.is_file() else ""
    if "include replicas.conf;" not in text:
        what = f"{path} is not ours" if text else f"there is no {path}"
        return Finding("proxy", False, what, _copy(machine, "nginx.conf", f"{_PROXY}/nginx.conf"))
    is_same = text == (machine.shipped / "nginx.conf").read_text()
    return Finding("proxy", True, f"{path}, {'as this version ships it' if is_same else 'with changes'}")


def _replicas(machine: Machine) -> Finding:
    path = machine.root / _PROXY / "replicas.conf"
    if not path.is_file():
        what = f"there is no {path}, which says where the replicas are"
        return Finding("replicas", False, what, _copy(machine, "replicas-by-address.conf", f"{_PROXY}/replicas.conf"))
    named = ", ".join(re.findall(r"^\s*(?:server|map \"\" \$replicas \{ default) (\S+?)[; ]", path.read_text(), re.M))
    return Finding("replicas", True, f"the proxy looks for them at {named}")


def _copy(machine: Machine, name: str, to: str) -> str:
    return f"install -D -m 644 {machine.shipped / name} /{to}"


def _drop(machine: Machine, name: str) -> str:
    """The command that makes a secret's file of what it is given."""
    return f"install -m 600 /dev/stdin {machine.credentials / name}"
