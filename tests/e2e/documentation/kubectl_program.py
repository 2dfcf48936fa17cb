"""The `kubectl` of a page's reader: where a kubelet is missing, it does the same with the operator's process.

`exec`, `logs`, `port-forward` and `top pods` go to the kubelet of a pod's node, and here is none. All else is the real
kubectl. Environment: KUBECTL, the real one; PODS, the list that `node.py` writes.
"""

import datetime as dt
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

Pod = dict[str, Any]

VALUED = {"-n", "--namespace", "-c", "--container", "-l", "--selector", "--tail", "--since", "--context", "--address"}
"""Options that take the next word as their value."""
ANSWERED = {"exec", "logs", "port-forward"}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def main(words: list[str]) -> int:
    """Do what the arguments say."""
    ours, theirs = words, []
    if "--" in words:
        ours, theirs = words[: words.index("--")], words[words.index("--") + 1 :]
    options, names = _sorted_out(ours)
    command = names[0] if names else ""
    if command not in ANSWERED and names[:2] not in (["top", "pods"], ["top", "pod"]):
        os.execv(os.environ["KUBECTL"], ["kubectl", *words])
    pods = _chosen(options, names[2:] if command == "top" else names[1:])
    if not pods:
        print(f"error: no pod of {' '.join(names[1:]) or options} runs", file=sys.stderr)
        return 1
    if command == "exec":
        return _execute(pods[0], theirs)
    if command == "logs":
        return _show_logs(pods, options)
    if command == "port-forward":
        return _forward(pods[0], names[2:])
    return _show_usage(pods)


def _sorted_out(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Tell options from names."""
    options: dict[str, str] = {}
    names: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in VALUED:
            options[word] = next(rest)
        elif word.startswith("-"):
            key, _, value = word.partition("=")
            options[key] = value
        else:
            names.append(word)
    return options, names


def _option(options: dict[str, str], *keys: str) -> str:
    return next((options[key] for key in keys if key in options), "")


def _chosen(options: dict[str, str], names: list[str]) -> list[Pod]:
    """Give the pods that the options and the first name mean."""
    pods: list[Pod] = json.loads(Path(os.environ["PODS"]).read_text())
    namespace = _option(options, "-n", "--namespace") or "default"
    pods = [each for each in pods if each["namespace"] == namespace]
    if selector := _option(options, "-l", "--selector"):
        wanted = dict(part.split("=", 1) for part in selector.replace("==", "=").split(","))
        return [each for each in pods if wanted.items() <= each["labels"].items()]
    if not names:
        return pods
    kind, _, name = names[0].rpartition("/")
    if kind.startswith("deploy"):
        return [each for each in pods if each["deployment"] == name]
    if kind in {"svc", "service"}:
        return [each for each in pods if name.startswith(each["deployment"])]
    return [each for each in pods if each["pod"] == name]


def _execute(pod: Pod, command: list[str]) -> int:
    code = subprocess.run(command, env={**os.environ, **pod["environment"]}, check=False).returncode
    if code:
        print(f"command terminated with exit code {code}", file=sys.stderr)
    return code


def _show_logs(pods: list[Pod], options: dict[str, str]) -> int:
    previous = "--previous" in options or "-p" in options
    tail = int(_option(options, "--tail") or (10 if {"-l", "--selector"} & options.keys() else -1))
    since = _seconds(_option(options, "--since"))
    for pod in pods:
        if previous and not pod["previous"]:
            print(f'Error from server (BadRequest): previous terminated container in pod "{pod["pod"]}" not found')
            return 1
        file = Path(pod["previous"] if previous else pod["log"])
        lines = [each for each in file.read_text().splitlines() if _is_new(each, since)]
        for line in lines[-tail:] if tail >= 0 else lines:
            print(line, flush=True)
        if {"-f", "--follow"} & options.keys():
            os.execvp("tail", ["tail", "-n0", "-F", str(file)])
    return 0


def _seconds(text: str) -> float:
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smhd])", text))


def _is_new(line: str, since: float) -> bool:
    if not since or not (said := re.search(r'"ts": "([^"]+)"', line)):
        return True
    return dt.datetime.fromisoformat(said[1]).timestamp() >= time.time() - since


def _show_usage(pods: list[Pod]) -> int:
    print("NAME CPU(cores) MEMORY(bytes)")
    for pod in pods:
        before = _ticks(pod["pid"])
        time.sleep(0.2)
        cores = (_ticks(pod["pid"]) - before) / os.sysconf("SC_CLK_TCK") / 0.2
        pages = int(Path(f"/proc/{pod['pid']}/statm").read_text().split()[1])
        print(f"{pod['pod']} {cores * 1000:.0f}m {pages * os.sysconf('SC_PAGE_SIZE') >> 20}Mi")
    return 0


def _ticks(pid: int) -> int:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return int(user) + int(system)


def _forward(pod: Pod, pairs: list[str]) -> int:
    """Relay ports until somebody ends it."""
    for pair in pairs:
        local, _, remote = pair.rpartition(":")
        port = pod["ports"].get(remote)
        if port is None:
            print(f"error: the pod has no port {remote}", file=sys.stderr)
            return 1
        server = _listen(int(local or remote))
        print(f"Forwarding from 127.0.0.1:{server.getsockname()[1]} -> {remote}", flush=True)
        threading.Thread(target=_serve, args=(server, port), daemon=True).start()
    while True:
        time.sleep(3600)


def _listen(port: int) -> socket.socket:
    """Take a port; the forward before may not have ended yet."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def _serve(server: socket.socket, port: int) -> None:
    while True:
        client, _ = server.accept()
        threading.Thread(target=_join, args=(client, port), daemon=True).start()


def _join(client: socket.socket, port: int) -> None:
    with client, socket.create_connection(("127.0.0.1", port)) as behind:
        back = threading.Thread(target=_copy, args=(behind, client), daemon=True)
        back.start()
        _copy(client, behind)
        back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:  # either side has gone, and so does the other
        pass


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
