"""CPU per proxied request and memory of the gateway, beside haproxy and nginx in front of the same instance."""
import subprocess
import urllib.request

from figure import Figure, median
from load import post
from process import cpu_seconds, free_port, rss_mib, start, stop, tree, wait_for

FUNCTION = """apiVersion: faisca.dev/v1alpha1
kind: Function
metadata: {name: bench}
spec:
  handler: {command: [/bin/true]}
  concurrency: {perInstance: 0}
"""
HAPROXY = """global
  nbthread 1
defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 5s
  option http-keep-alive
  http-reuse always
frontend in
  bind 127.0.0.1:%d
  default_backend out
backend out
  server one 127.0.0.1:%d
"""
NGINX = """daemon off; master_process off; pid %s/nginx.pid; error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path %s/b; proxy_temp_path %s/p; fastcgi_temp_path %s/f; uwsgi_temp_path %s/u; scgi_temp_path %s/s;
  keepalive_requests 10000000;
  upstream one { server 127.0.0.1:%d; keepalive 256; keepalive_requests 10000000; }
  server {
    listen 127.0.0.1:%d;
    location / { proxy_pass http://one; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
"""


def gateway(context, port):
    home = context.folder / "gateway-home"
    argv = [context.bin / "faisca-gateway", "--address", "127.0.0.1", "--port", port, "--home", home, "--reactors", 1,
            "--watchdog", context.bin / "bench_instance"]
    process = start(argv, 0, stderr=open(context.folder / "gateway.log", "w"))
    wait_for(f"http://127.0.0.1:{port}/healthz", process=process)
    return process


def deploy(port):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/system/functions", FUNCTION.encode(),
                                     {"Content-Type": "application/yaml"}, method="POST")
    urllib.request.urlopen(request, timeout=10).read()
    return int(wait_for(f"http://127.0.0.1:{port}/function/bench/port"))


def measure(context):
    ports = {"gateway": free_port(), "haproxy": free_port(), "nginx": free_port()}
    processes = {}
    try:
        processes["gateway"] = gateway(context, ports["gateway"])
        idle = rss_mib(processes["gateway"].pid)
        instance = deploy(ports["gateway"])
        for pid in tree(processes["gateway"].pid)[1:]:  # the instance goes to the other core, with the load
            subprocess.run(["taskset", "-cp", "1", str(pid)], check=True, capture_output=True)
        (context.folder / "haproxy.cfg").write_text(HAPROXY % (ports["haproxy"], instance))
        folder = context.folder
        (folder / "nginx.conf").write_text(NGINX % (*[folder] * 6, instance, ports["nginx"]))
        processes["haproxy"] = start(["haproxy", "-db", "-f", folder / "haproxy.cfg"], 0, stderr=subprocess.DEVNULL)
        processes["nginx"] = start(["nginx", "-p", folder, "-c", folder / "nginx.conf"], 0, stderr=subprocess.DEVNULL)
        urls = {name: f"http://127.0.0.1:{port}/" for name, port in ports.items()}
        urls["gateway"] += "function/bench"
        for name, url in urls.items():
            wait_for(url, process=processes[name])
        return [*cpu(context, processes, urls), *memory(context, processes["gateway"].pid, urls["gateway"], idle)]
    finally:
        for process in processes.values():
            stop(process)


def cpu(context, processes, urls):
    """Rounds of gateway, haproxy, nginx in turn; the ratio is the median of the rounds' ratios."""
    rounds = []
    for _ in range(context.rounds):
        cost = {}
        for name, url in urls.items():
            before = cpu_seconds(processes[name].pid)
            run = post(url, context.folder, 32, context.seconds)
            if run.failed:
                raise RuntimeError(f"{name}: {run.failed} requests failed")
            cost[name] = (cpu_seconds(processes[name].pid) - before) / run.requests * 1e6
        rounds.append(cost)
    figures = []
    ours = median([cost["gateway"] for cost in rounds])
    for peer, limit in (("haproxy", 1.2), ("nginx", 1.2)):
        ratio = median([cost["gateway"] / cost[peer] for cost in rounds])
        figures.append(Figure(f"gateway proxy, CPU per request, against {peer}", ours, "us", f"<= {limit} x {peer}", "lower", peer,
                              median([cost[peer] for cost in rounds]), ratio, ratio <= limit, "32 connections, POST 16 B, one core"))
    return figures


def memory(context, pid, url, idle):
    post(url, context.folder, 128, context.seconds)
    loaded = rss_mib(pid)
    return [Figure("gateway RSS idle", idle, "MiB", "<= 8", "lower", met=idle <= 8),
            Figure("gateway RSS under load", loaded, "MiB", "<= 16", "lower", met=loaded <= 16, note="128 connections")]
