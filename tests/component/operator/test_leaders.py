"""Two operators, one of which acts; and operators that die at any moment of their work."""
import signal
import unittest

from operator_process import until
from world import World


class Leaders(World):
    def leader_of(self, *operators):
        return until(lambda: next((o for o in operators if o.leads()), None), "one leads")

    def both(self):
        first, second = self.operator(), self.operator()
        leader = self.leader_of(first, second)
        return leader, second if leader is first else first

    def functions_are_ready(self, *names):
        for name in names:
            self.await_reason(name, "ScaledToZero")

    def make(self, *names):
        for name in names:
            self.apply(name, replicas=0, scale={"min": 0})

    def test_one_of_two_acts(self):
        leader, other = self.both()
        self.make("a", "b")
        self.functions_are_ready("a", "b")
        self.assertEqual(other.writes(), 0)
        self.assertFalse(other.leads())
        self.assertEqual(leader.child_writes(), 4, "a Service and a Deployment each")

    def test_the_other_takes_over_at_once_when_the_leader_stops(self):
        leader, other = self.both()
        self.make("a")
        self.functions_are_ready("a")
        self.assertEqual(leader.stop(), 0)
        until(other.leads, "the other leads", 8)
        self.make("b")
        self.functions_are_ready("b")
        self.assertEqual(other.child_writes(), 2, f"nothing of the first function is written again: {other.metrics()}")

    def test_the_other_takes_over_when_the_leader_is_killed(self):
        leader, other = self.both()
        self.make("a")
        self.functions_are_ready("a")
        leader.stop(signal.SIGKILL)
        until(other.leads, "the other leads")
        self.make("b")
        self.functions_are_ready("a", "b")

    def test_a_leader_that_was_frozen_ends_instead_of_acting(self):
        leader, other = self.both()
        leader.process.send_signal(signal.SIGSTOP)
        until(other.leads, "the other leads")
        leader.process.send_signal(signal.SIGCONT)
        self.assertEqual(leader.process.wait(timeout=60), 1)
        self.make("a")
        self.functions_are_ready("a")

    def test_an_operator_that_starts_anew_writes_nothing_that_is_there(self):
        first = self.operator("--leader-election", "false")
        self.make("a", "b")
        self.functions_are_ready("a", "b")
        first.stop()
        second = self.operator("--leader-election", "false")
        until(lambda: second.metrics()['faisca_operator_reconciles_total{result="done"}'] >= 2, "it looks at both")
        self.assertEqual(second.writes(), 0)

    def test_killed_at_many_moments_it_reaches_the_same_end(self):
        """Each round a fresh operator has a little longer to work on twelve functions before it is killed."""
        names = [f"f{i:02}" for i in range(12)]
        for name in names:
            self.apply(name, replicas=0, scale={"min": 0})
        for milliseconds in range(0, 600, 60):
            operator = self.operator("--leader-election", "false")
            try:
                operator.process.wait(timeout=milliseconds / 1000)
            except Exception:  # still running, as it should
                operator.stop(signal.SIGKILL)
        self.operator("--leader-election", "false")
        self.functions_are_ready(*names)
        for name in names:
            deployment, service = self.get("deployments", name), self.get("services", name)
            self.assertEqual(deployment["metadata"]["generation"], 1, "applied again and again, changed never")
            self.assertEqual(len(deployment["metadata"]["ownerReferences"]), 1)
            self.assertEqual(service["spec"]["selector"], {"faisca.dev/function": name})
        self.assertEqual(len(self.api.list("deployments", self.space)), len(names))


if __name__ == "__main__":
    unittest.main()
