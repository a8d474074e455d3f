"""Values that make no sense are refused before anything is installed, and the message names the value."""
import unittest

import helm

REFUSED = [
    ("gatway.replicas=2", "'gatway'"),
    ("gateway.replica=2", "'replica'"),
    ("gateway.replicas=0", "/gateway/replicas"),
    ("gateway.replicas=two", "/gateway/replicas"),
    ("image.pullPolicy=Sometimes", "/image/pullPolicy"),
    ("image.registry=", "/image/registry"),
    ("image.tag=a b", "/image/tag"),
    ("logLevel=loud", "/logLevel"),
    ("functionNamespace=Team_A", "/functionNamespace"),
    ("watchNamespaces={team-a,team-a}", "/watchNamespaces"),
    ("watchNamespaces={-a}", "/watchNamespaces/0"),
    ("watchNamespaces={team-a}", 'functionNamespace "default" is not among watchNamespaces [team-a]'),
    ("gateway.service.type=Headless", "/gateway/service/type"),
    ("gateway.service.port=70000", "/gateway/service/port"),
    ("gateway.drainSeconds=0", "/gateway/drainSeconds"),
    ("gateway.resources.requests.memory=lots", "/gateway/resources/requests/memory"),
    ("gateway.resources.request.memory=16Mi", "'request'"),
    ("gateway.ingress.enabled=yes please", "/gateway/ingress/enabled"),
    ("gateway.ingress.enabled=true", "gateway.ingress.host is empty"),
    ("gateway.ingress.paths={function}", "/gateway/ingress/paths/0"),
    ("webhook.failurePolicy=Maybe", "/webhook/failurePolicy"),
    ("webhook.timeoutSeconds=31", "/webhook/timeoutSeconds"),
    ("offload.simulated=false", "/offload/simulated"),
    ("offload.slotsPerEngine=0", "/offload/slotsPerEngine"),
    ("runtimes.python3.image=", "/runtimes/python3/image"),
    ("runtimes.Perl.image=x", "/runtimes"),
    ("runtimes.perl.image=x", "/runtimes/perl"),
    ("networkPolicy.apiServerPorts={}", "/networkPolicy/apiServerPorts"),
    ("metrics.serviceMonitor.enabled=true", "metrics.serviceMonitor.enabled needs"),
    ("openfaasFunctions=true", "openfaasFunctions needs"),
    ("metrics.rules.enabled=true", "metrics.rules.enabled needs"),
]
TAKEN = ["runtimes.python3=null", "image.tag=1.2.3-rc.1", "image.registry=localhost:5000/faisca", "watchNamespaces={team-a,default}",
         "gateway.resources.requests.cpu=1", "networkPolicy.enabled=false", "offload.enabled=false", "webhook.enabled=false"]


class Values(unittest.TestCase):
    def test_nonsense_is_refused_by_name(self):
        for setting, named in REFUSED:
            with self.subTest(setting):
                done = helm.template("--set", setting, check=False)
                self.assertNotEqual(0, done.returncode)
                self.assertIn(named, done.stderr)

    def test_sense_is_taken(self):
        for setting in TAKEN:
            with self.subTest(setting):
                helm.template("--set", setting)

    def test_an_old_cluster_is_refused(self):
        done = helm.run("template", "faisca", helm.CHART, "--kube-version", "1.29.0", check=False)
        self.assertNotEqual(0, done.returncode)
        self.assertIn("kubeVersion", done.stderr)


if __name__ == "__main__":
    unittest.main()
