"""What `helm test` runs in the cluster. Says what it does; ends with 1 when something is wrong."""
import json
import os
import sys
import time
import urllib.error
import urllib.request

GATEWAY = "http://{GATEWAY_SERVICE_HOST}:{GATEWAY_SERVICE_PORT}".format(**os.environ)
NAME, NAMESPACE, IMAGE = "faisca-helm-test", os.environ["NAMESPACE"], os.environ["IMAGE"]
SECONDS = 90


def ask(method, path, body=b""):
    """Status and text of the answer."""
    request = urllib.request.Request(GATEWAY + path, data=body or None, method=method, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")
    except OSError as error:
        return 0, str(error)


def expect(what, good, status, text):
    print(f"{what}: {status} {text.strip()[:300]}", flush=True)
    if status not in good:
        sys.exit(f"error: {what} answered {status}, expected {' or '.join(map(str, good))}")


def main():
    print("gateway:", GATEWAY, flush=True)
    expect("GET /healthz", [200], *ask("GET", "/healthz"))
    function = json.dumps({"service": NAME, "namespace": NAMESPACE, "image": IMAGE}).encode()
    expect(f"deploy {IMAGE}", [200, 202], *ask("POST", "/system/functions", function))
    try:
        end = time.monotonic() + SECONDS
        while True:
            status, text = ask("POST", f"/function/{NAME}.{NAMESPACE}", b"Ada")
            if status == 200 or time.monotonic() > end:
                break
            time.sleep(1)
        expect("invoke", [200], status, text)
        if "Ada" not in text:
            sys.exit("error: the answer does not name Ada")
    finally:
        name = json.dumps({"functionName": NAME, "namespace": NAMESPACE}).encode()
        expect("remove", [200, 202], *ask("DELETE", "/system/functions", name))


main()
