"""eBPF functions over HTTP, run by the simulated device."""
import os
import random
import signal
import socket
import subprocess
import unittest

from support.functions import CHECKSUM, CLANG, FOUR, bash, compile_bpf, internet_checksum, offload
from support.platform import BIN, Platform, die_with_the_test, temporary_home
from support.processes import processes_of
from support.wait import until

WRITER = """
__attribute__((section("mem"))) unsigned long writer(unsigned char* memory, unsigned long size) {
  for (unsigned long i = 0; i < size; ++i) memory[i] ^= 0x20;
  return size;
}
"""
ENDLESS = """
__attribute__((section("mem"))) unsigned long endless(void) {
  unsigned long i = 1;
  while (i) asm volatile("" : "+r"(i));
  return i;
}
"""
FAULT = """
__attribute__((section("mem"))) unsigned long fault(const unsigned char* memory, unsigned long size) { return memory[size]; }
"""
COUNTER = """
struct { int (*type)[2]; unsigned* key; unsigned long* value; int (*max_entries)[1]; } calls __attribute__((section(".maps"), used));
static void* (*lookup)(void* map, const void* key) = (void*)1;
__attribute__((section("mem"))) unsigned long counter(void) {
  unsigned zero = 0;
  unsigned long* slot = lookup(&calls, &zero);
  return slot ? ++*slot : 0;
}
"""
UNKNOWN_HELPER = """
static long (*helper)(void) = (void*)9999;
__attribute__((section("mem"))) unsigned long unknown(void) { return helper(); }
"""
STACK = """
__attribute__((section("mem"))) unsigned long stack(void) {
  unsigned long value;
  asm volatile("%0 = *(u64 *)(r10 - 520)" : "=r"(value));
  return value;
}
"""


@unittest.skipUnless(CLANG, "no clang to compile eBPF with")
class Offload(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.platform = cls.enterClassContext(Platform())
        cls.platform.deploy(offload("four", compile_bpf(FOUR)))

    def tearDown(self):
        self.assertEqual(self.platform.invoke("four").body.strip(), b"4")

    def refused(self, name, object_bytes, *words):
        done = self.platform.cli("deploy", "-f", "-", data=offload(name, object_bytes))
        self.assertNotEqual(done.returncode, 0, done.stdout)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual(self.platform.invoke(name).status, 404, "a refused function is not there")
        return done.stderr

    def test_checksums_of_random_bodies(self):
        self.platform.deploy(offload("checksum", compile_bpf(CHECKSUM), output="hex16"))
        seed = random.randrange(1 << 32)
        print("seed", seed)
        numbers = random.Random(seed)
        for size in (0, 1, 2, 63, 64, 1499, numbers.randrange(4096)):
            body = numbers.randbytes(size)
            self.assertEqual(self.platform.invoke("checksum", body).body.strip(), internet_checksum(body), f"seed {seed}")

    def test_memory_as_output(self):
        self.platform.deploy(offload("writer", compile_bpf(WRITER), output="memory"))
        self.assertEqual(self.platform.invoke("writer", b"Faisca").body, b"fAISCA")

    def test_maps_live_from_call_to_call(self):
        self.platform.deploy(offload("counter", compile_bpf(COUNTER)))
        answers = [int(self.platform.invoke("counter").text) for _ in range(5)]
        self.assertEqual(answers, [1, 2, 3, 4, 5])

    def test_a_body_larger_than_the_device_is_413(self):
        response = self.platform.invoke("four", b"x" * 65537)
        self.assertEqual(response.status, 413, response)
        self.assertIn("65536", response.text)

    def test_an_endless_loop_ends_by_its_budget(self):
        function = offload("endless", compile_bpf(ENDLESS)).replace('"output"', '"budget": 5000, "output"')
        self.platform.deploy(function)
        response = self.platform.invoke("endless")
        self.assertEqual(response.status, 504, response)
        self.assertIn("budget of 5000", response.text)

    def test_a_fault_names_its_instruction(self):
        self.platform.deploy(offload("fault", compile_bpf(FAULT)))
        response = self.platform.invoke("fault", b"abc")
        self.assertEqual(response.status, 500, response)
        self.assertIn("instruction", response.text)
        self.assertIn("outside the memory", response.text)

    def test_objects_that_are_none_are_refused_at_deploy(self):
        four = compile_bpf(FOUR)
        self.refused("not-elf", b"#!/bin/sh\necho 4\n", "ELF")
        self.refused("truncated", four[:len(four) // 2])
        with open("/proc/self/exe", "rb") as program:
            self.refused("not-bpf", program.read(1 << 20), "BPF")

    def test_programs_that_do_not_verify_are_refused_at_deploy(self):
        self.refused("helper", compile_bpf(UNKNOWN_HELPER), "9999")
        self.refused("stack", compile_bpf(STACK), "r10")

    def test_many_callers_at_once(self):
        self.platform.deploy(offload("checksum", compile_bpf(CHECKSUM), output="hex16"))
        callers = [subprocess.Popen(["curl", "-sS", "--data-binary", f"caller {i}", f"{self.platform.url}/function/checksum"],
                                    stdout=subprocess.PIPE) for i in range(12)]
        for i, caller in enumerate(callers):
            self.assertEqual(caller.communicate(timeout=60)[0].strip(), internet_checksum(f"caller {i}".encode()))


@unittest.skipUnless(CLANG, "no clang to compile eBPF with")
class NoAgent(unittest.TestCase):
    """A gateway alone, as it is when the agent cannot start."""

    def test_offloaded_functions_are_503_and_others_work(self):
        home = temporary_home()
        platform = Platform(home=home)
        gateway = None
        try:
            (home / "platform").mkdir()
            with open(home / "platform/gateway.log", "wb") as log:
                with socket.create_server(("127.0.0.1", 0)) as free:
                    platform.port = free.getsockname()[1]
                gateway = subprocess.Popen(
                    [BIN / "faisca-gateway", "--port", str(platform.port), "--home", home, "--watchdog", BIN / "faisca-watchdog",
                     "--watchdog-offload", BIN / "faisca-watchdog-offload", "--agent", f"unix:{home}/no-agent.sock"],
                    stdout=log, stderr=log, preexec_fn=die_with_the_test)
            until(lambda: platform.get("/healthz").status == 200, 20, "the gateway is healthy")
            platform.deploy(bash("hello", "echo hello"))
            platform.cli("deploy", "-f", "-", "--no-wait", data=offload("four", compile_bpf(FOUR)))
            response = until(lambda: (lambda r: r.status == 503 and r)(platform.invoke("four")), 20, "503")
            self.assertRegex(response.text, "agent|instance")
            self.assertEqual(platform.invoke("hello").body, b"hello\n")
        finally:
            if gateway:
                gateway.send_signal(signal.SIGTERM)
                gateway.wait(30)
            left = processes_of(home)
            for process in left:
                os.kill(process.pid, signal.SIGKILL)
            subprocess.run(["rm", "-rf", home], check=True)
        self.assertEqual(left, [])


if __name__ == "__main__":
    unittest.main()
