#!/usr/bin/env python3
"""Writes tests/conformance/vectors: one file for each instruction of RFC 9669, one for each trap, one for each refusal.

Expected values are worked out here, from the text of the RFC, with Python's integers: nothing is taken from the model.
Run it again after a change and commit what it writes; `--check` only says whether the files are up to date.
"""
import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent / "vectors"
M64 = (1 << 64) - 1
M32 = (1 << 32) - 1
PASSED = 0x600d

# Corner values of 64 bits; immediates are the same cut to 32 bits where they fit.
WIDE = [0, 1, 2, 7, 31, 32, 33, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
        0x123456789abcdef0, 0xfedcba9876543210, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffff80000000, M64 - 12, M64]
IMMEDIATES = [0, 1, 2, 3, 7, 31, 32, 33, 63, 64, -1, -2, -3, -24, -13, 0x7f, 0x80, 0x12345678, 0x7fffffff, -0x80000000]


def signed(value, bits):
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def c_divide(a, b):
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def alu(op, a, b, bits):
    """Result of `a op b` in `bits` bits, unsigned."""
    mask = (1 << bits) - 1
    a, b = a & mask, b & mask
    sa, sb = signed(a, bits), signed(b, bits)
    shift = b & (bits - 1)
    if op in ("div", "sdiv") and b == 0:
        return 0
    if op in ("mod", "smod") and b == 0:
        return a
    return {
        "add": lambda: a + b, "sub": lambda: a - b, "mul": lambda: a * b, "or": lambda: a | b, "and": lambda: a & b,
        "xor": lambda: a ^ b, "mov": lambda: b, "lsh": lambda: a << shift, "rsh": lambda: a >> shift,
        "arsh": lambda: sa >> shift, "div": lambda: a // b, "mod": lambda: a % b, "sdiv": lambda: c_divide(sa, sb),
        "smod": lambda: sa - c_divide(sa, sb) * sb,
    }[op]() & mask


def taken(op, a, b, bits):
    mask = (1 << bits) - 1
    a, b = a & mask, b & mask
    sa, sb = signed(a, bits), signed(b, bits)
    return {
        "jeq": a == b, "jne": a != b, "jgt": a > b, "jge": a >= b, "jlt": a < b, "jle": a <= b, "jset": (a & b) != 0,
        "jsgt": sa > sb, "jsge": sa >= sb, "jslt": sa < sb, "jsle": sa <= sb,
    }[op]


ALU = ["add", "sub", "mul", "div", "or", "and", "lsh", "rsh", "mod", "xor", "mov", "arsh", "sdiv", "smod"]
JUMPS = ["jeq", "jgt", "jge", "jset", "jne", "jsgt", "jsge", "jlt", "jle", "jslt", "jsle"]
FILES = {}


def write(name, about, lines, result=None, memory=None, error=None, raw=None, maps=None):
    text = [f"# {about}"]
    if maps:
        text += ["-- map"] + maps
    if raw is not None:
        text += ["-- raw"] + [f"0x{word:016x}" for word in raw]
    else:
        text += ["-- asm"] + lines
    if memory is not None:
        text += ["-- mem"] + [" ".join(f"{b:02x}" for b in memory[i:i + 16]) for i in range(0, len(memory), 16)]
    if error is not None:
        text += ["-- error", error]
    if result is not None:
        text += ["-- result", f"0x{result & M64:x}"]
    FILES[name] = "\n".join(text) + "\n"


class Checks:
    """A program that makes many checks: R0 is 0x600d, or the number of the first check that failed."""

    def __init__(self):
        self.lines = []
        self.count = 0

    def expect(self, code, register, value):
        """`code`, then R`register` must be `value`. Uses R9."""
        self.count += 1
        self.lines += [f"mov %r0, {self.count}"] + code
        self.lines += [f"lddw %r9, 0x{value & M64:x}", f"jne %r{register}, %r9, failed"]

    def save(self, name, about, memory=None, tail=None):
        lines = self.lines + [f"mov %r0, 0x{PASSED:x}", "failed:", "exit"] + (tail or [])
        write(name, about, lines, PASSED, memory)


def pairs(values, other):
    """Every value meets every other in turn without the full square."""
    for i, a in enumerate(values):
        for j in range(4):
            yield a, other[(i * 3 + j * 5) % len(other)]


def generate_alu():
    for op in ALU:
        for bits, suffix in ((64, ""), (32, "32")):
            by_register, by_immediate = Checks(), Checks()
            for a, b in list(pairs(WIDE, WIDE)) + [(M64 - 12, 3), (1 << 63, M64), (0x180000000, 0xffffffff), (5, 0)]:
                value = alu(op, a, b, bits)
                by_register.expect([f"lddw %r1, 0x{a:x}", f"lddw %r2, 0x{b:x}", f"{op}{suffix} %r1, %r2"], 1, value)
            for a, imm in list(pairs(WIDE, IMMEDIATES)) + [(M64 - 12, 3), (1 << 63, -1), (0x180000000, -1)]:
                value = alu(op, a, imm & M64, bits)
                by_immediate.expect([f"lddw %r1, 0x{a:x}", f"{op}{suffix} %r1, {imm}"], 1, value)
            by_register.save(f"alu{bits}/{op}_reg", f"{op}{suffix} dst, src: corner values; sources are not changed")
            by_immediate.save(f"alu{bits}/{op}_imm", f"{op}{suffix} dst, imm: the immediate is sign-extended")
    for bits, suffix in ((64, ""), (32, "32")):
        negate, same = Checks(), Checks()
        for a in WIDE:
            negate.expect([f"lddw %r1, 0x{a:x}", f"neg{suffix} %r1"], 1, -a & ((1 << bits) - 1))
        negate.save(f"alu{bits}/neg", f"neg{suffix}: two's complement")
        for op in ALU:
            for a in (0, 5, 0xfedcba9876543210):
                same.expect([f"lddw %r1, 0x{a:x}", f"{op}{suffix} %r1, %r1"], 1, alu(op, a, a, bits))
        same.save(f"alu{bits}/same_register", "dst and src are the same register")
    for width, bits in ((8, 32), (16, 32), (8, 64), (16, 64), (32, 64)):
        extend = Checks()
        for a in WIDE + [0x17f, 0x180, 0x17fff, 0x18000, 0x180000000]:
            value = signed(a, width) & ((1 << bits) - 1)
            extend.expect([f"lddw %r2, 0x{a:x}", "mov %r1, -1", f"movsx{width}{bits} %r1, %r2"], 1, value)
        extend.save(f"alu{bits}/movsx{width}", f"movsx{width}{bits}: sign extension of the low {width} bits")


def generate_byte_order():
    for width in (16, 32, 64):
        for op in ("le", "be", "swap", "bswap"):
            checks = Checks()
            for a in WIDE + [0x1122334455667788]:
                low = a & ((1 << width) - 1)
                value = low if op == "le" else int.from_bytes(low.to_bytes(width // 8, "little"), "big")
                checks.expect([f"lddw %r1, 0x{a:x}", f"{op}{width} %r1"], 1, value)
            checks.save(f"byte_order/{op}{width}", f"{op}{width}: the result is cut to {width} bits")


def jump_check(jump, condition):
    """Code that leaves 1 in R3 if `jump` (with %s for its target) was taken, else 0."""
    return ["mov %r3, 1", f"{jump}, +1", "mov %r3, 0"]


def generate_jumps():
    for op in JUMPS:
        for bits, suffix in ((64, ""), (32, "32")):
            by_register, by_immediate = Checks(), Checks()
            for a, b in list(pairs(WIDE, WIDE)) + [(v, v) for v in WIDE] + [(0x100000001, 1), (0x80000000, 0x7fffffff)]:
                code = [f"lddw %r1, 0x{a:x}", f"lddw %r2, 0x{b:x}"] + jump_check(f"{op}{suffix} %r1, %r2", op)
                by_register.expect(code, 3, int(taken(op, a, b, bits)))
            for a, imm in list(pairs(WIDE, IMMEDIATES)) + [(imm & M64, imm) for imm in IMMEDIATES] + [(0x80000001, -0x7fffffff)]:
                code = [f"lddw %r1, 0x{a:x}"] + jump_check(f"{op}{suffix} %r1, {imm}", op)
                by_immediate.expect(code, 3, int(taken(op, a, imm & M64, bits)))
            by_register.save(f"jump{bits}/{op}_reg", f"{op}{suffix} dst, src: taken and not taken")
            by_immediate.save(f"jump{bits}/{op}_imm", f"{op}{suffix} dst, imm: the immediate is sign-extended")
    write("jump64/ja", "ja forward, backward and to the next instruction", [
        "mov %r0, 1", "ja +0", "ja forward", "mov %r0, 99", "exit", "back:", "add %r0, 4", "exit", "forward:", "add %r0, 2", "ja back"], 7)
    write("jump32/ja32", "ja32 (gotol) takes its distance from imm", [
        "mov %r0, 1", "ja32 forward", "mov %r0, 99", "exit", "back:", "add %r0, 4", "exit", "forward:", "add %r0, 2", "ja32 back"], 7)
    far = ["mov %r0, 1", "ja far"] + ["add %r0, 1"] * 3000 + ["far:", "exit"]
    write("jump64/ja_far", "a jump over 3000 instructions", far, 1)
    write("jump64/loop", "a loop of 1000 turns: sum of 1 to 1000", [
        "mov %r0, 0", "mov %r1, 1000", "again:", "add %r0, %r1", "sub %r1, 1", "jne %r1, 0, again", "exit"], 500500)
    write("jump64/over_lddw", "lddw counts as two slots in distances", [
        "mov %r0, 5", "ja +2", "lddw %r0, 0x1111111122222222", "exit"], 5)


SIZES = {"b": 1, "h": 2, "w": 4, "dw": 8}


def generate_memory():
    memory = [(i * 37 + 0x81) & 0xff for i in range(40)]

    def at(offset, size):
        return int.from_bytes(bytes(memory[offset:offset + size]), "little")

    for name, size in SIZES.items():
        load = Checks()
        for offset in list(range(0, 9)) + [40 - size]:
            load.expect([f"ldx{name} %r3, [%r1+{offset}]"], 3, at(offset, size))
        for offset in (1, 8, 20):
            load.expect(["mov %r4, %r1", "add %r4, 20", f"ldx{name} %r3, [%r4-{offset}]"], 3, at(20 - offset, size))
        load.expect(["mov %r4, %r1", f"ldx{name} %r4, [%r4+3]"], 4, at(3, size))
        load.save(f"memory/ldx{name}", f"ldx{name}: zero-extended, any alignment, first and last bytes", memory)
        if size < 8:
            extend = Checks()
            for offset in list(range(0, 12)) + [40 - size]:
                extend.expect([f"ldxs{name} %r3, [%r1+{offset}]"], 3, signed(at(offset, size), 8 * size))
            extend.save(f"memory/ldxs{name}", f"ldxs{name}: sign-extended", memory)
        register, immediate = Checks(), Checks()
        for offset in (0, 1, 3, 7, 40 - size):
            for value in (0x1122334455667788, M64, 0x80):
                code = [f"lddw %r4, 0x{value:x}", f"stx{name} [%r1+{offset}], %r4", f"ldx{name} %r3, [%r1+{offset}]"]
                register.expect(code, 3, value & ((1 << 8 * size) - 1))
        for offset in (0, 1, 3, 7, 40 - size):
            for imm in (0x11223344, -1, -2, 0x7f, -0x80000000):
                code = [f"st{name} [%r1+{offset}], {imm}", f"ldx{name} %r3, [%r1+{offset}]"]
                immediate.expect(code, 3, imm & ((1 << 8 * size) - 1))
        # Neighbours of a store stay as they are.
        for checks, store in ((register, f"stx{name} [%r1+16], %r4"), (immediate, f"st{name} [%r1+16], 0")):
            code = ["mov %r4, 0", "stdw [%r1+8], -1", "stdw [%r1+16], -1", "stdw [%r1+24], -1", store]
            checks.expect(code + ["ldxdw %r3, [%r1+16]"], 3, M64 << (8 * size))
            checks.expect(["ldxdw %r3, [%r1+8]"], 3, M64)
            checks.expect(["ldxdw %r3, [%r1+24]"], 3, M64)
        register.save(f"memory/stx{name}", f"stx{name}: low bytes of the register, nothing else", memory)
        immediate.save(f"memory/st{name}", f"st{name}: the immediate, sign-extended for dw, nothing else", memory)
    stack = Checks()
    for offset in (8, 16, 511, 512):
        size = "b" if offset == 511 else "dw"
        stack.expect([f"st{size} [%r10-{offset}], 0x5a", f"ldx{size} %r3, [%r10-{offset}]"], 3, 0x5a)
    stack.save("memory/stack", "the stack: first and last bytes of the frame")
    zero = Checks()
    zero.expect(["ldxdw %r3, [%r10-8]"], 3, 0)
    zero.expect(["ldxdw %r3, [%r10-512]"], 3, 0)
    zero.save("memory/stack_zero", "the stack is zero at the start")
    write("memory/length", "R2 is the length of the memory", ["mov %r0, %r2", "exit"], 40, memory)
    write("memory/sum", "a loop over the memory", [
        "mov %r0, 0", "mov %r3, %r1", "add %r3, %r2", "next:", "jge %r1, %r3, done", "ldxb %r4, [%r1]", "add %r0, %r4",
        "add %r1, 1", "ja next", "done:", "exit"], sum(memory), memory)
    store_to_load = Checks()
    for value in (0x0102030405060708, M64):
        code = [f"lddw %r4, 0x{value:x}", "stxdw [%r10-8], %r4", "ldxw %r3, [%r10-6]", "add %r3, 1"]
        store_to_load.expect(code, 3, ((value >> 16) & M32) + 1)
    store_to_load.save("memory/store_load_use", "a load right after a store, its result used at once")
    lddw = Checks()
    for value in WIDE:
        lddw.expect([f"lddw %r3, 0x{value:x}"], 3, value)
    lddw.expect(["lddw %r3, -2"], 3, M64 - 1)
    lddw.save("memory/lddw", "lddw: 64-bit constants")
    start = Checks()
    for register in (3, 4, 5, 6, 7, 8):
        start.expect([], register, 0)
    start.save("memory/registers_zero", "registers that are no argument are 0 at the start")


def generate_atomics():
    operations = {"add": lambda a, b: a + b, "or": lambda a, b: a | b, "and": lambda a, b: a & b, "xor": lambda a, b: a ^ b}
    values = [(0, 1), (0x1122334455667788, 0x8877665544332211), (M64, 1), (0xffffffff, 1), (0x80000000, 0x80000000)]
    for bits, suffix, size in ((64, "", "dw"), (32, "32", "w")):
        mask = (1 << bits) - 1
        keep = M64 & ~mask  # what a 32-bit atomic leaves in the upper half of the memory
        for name, function in operations.items():
            plain, fetch = Checks(), Checks()
            for a, b in values:
                new = (a & keep) | (function(a, b) & mask)
                prepare = [f"lddw %r3, 0x{a:x}", "stxdw [%r10-16], %r3", f"lddw %r4, 0x{b:x}"]
                plain.expect(prepare + [f"lock {name}{suffix} [%r10-16], %r4", "ldxdw %r3, [%r10-16]"], 3, new)
                plain.expect([], 4, b)
                fetch.expect(prepare + [f"lock fetch {name}{suffix} [%r10-16], %r4", "ldxdw %r3, [%r10-16]"], 3, new)
                fetch.expect([], 4, a & mask)
            plain.save(f"atomic{bits}/{name}", f"lock {name}{suffix}: memory changes, src does not")
            fetch.save(f"atomic{bits}/fetch_{name}", f"lock fetch {name}{suffix}: src becomes the old value, zero-extended")
        exchange, compare = Checks(), Checks()
        for a, b in values:
            prepare = [f"lddw %r3, 0x{a:x}", "stxdw [%r10-16], %r3", f"lddw %r4, 0x{b:x}"]
            exchange.expect(prepare + [f"lock xchg{suffix} [%r10-16], %r4", "ldxdw %r3, [%r10-16]"], 3, (a & keep) | (b & mask))
            exchange.expect([], 4, a & mask)
            # R0 is taken by cmpxchg, so the number of the check is set again behind it; R5 keeps what R0 became.
            for expected in (a, a ^ 1, a ^ (1 << 40)):
                hit = expected & mask == a & mask
                code = prepare + [f"lddw %r0, 0x{expected:x}", f"lock cmpxchg{suffix} [%r10-16], %r4", "mov %r5, %r0"]
                code += [f"mov %r0, {compare.count + 1}", "ldxdw %r3, [%r10-16]"]
                compare.expect(code, 3, (a & keep) | (b & mask) if hit else a)
                compare.expect([], 5, a & mask)
                compare.expect([], 4, b)
        exchange.save(f"atomic{bits}/xchg", f"lock xchg{suffix}: swaps, the old value zero-extended")
        compare.save(f"atomic{bits}/cmpxchg", f"lock cmpxchg{suffix}: compares with R0, always loads the old value into R0")
    memory = Checks()
    memory.expect(["mov %r3, 5", "lock fetch add [%r1+3], %r3", "ldxdw %r4, [%r1+3]"], 4, 0x0a09080706050403 + 5 + 0x0)
    memory.save("atomic64/unaligned", "an atomic at an odd address of the memory", list(range(16)))


def generate_calls():
    write("call/local", "a local call: arguments in, result out, R6-R9 and R10 kept, one frame each", [
        "mov %r1, 10", "mov %r2, 20", "mov %r6, 1", "mov %r7, 2", "mov %r8, 3", "mov %r9, 4", "stdw [%r10-8], 77", "mov %r5, %r10",
        "call local function", "jne %r6, 1, failed", "jne %r7, 2, failed", "jne %r8, 3, failed", "jne %r9, 4, failed",
        "ldxdw %r3, [%r10-8]", "jne %r3, 77, failed", "exit", "failed:", "mov %r0, -1", "exit",
        "function:", "mov %r6, 0", "mov %r7, 0", "mov %r8, 0", "mov %r9, 0", "stdw [%r10-8], 11", "mov %r0, %r1", "add %r0, %r2",
        "jeq %r10, %r5, same", "exit", "same:", "mov %r0, -2", "exit"], 30)
    lines = ["mov %r1, 0", "call local f1", "exit"]
    for depth in range(1, 8):
        lines += [f"f{depth}:", "add %r1, 1", "mov %r0, %r1"] + ([f"call local f{depth + 1}"] if depth < 7 else []) + ["exit"]
    write("call/eight_frames", "eight frames: the entry and seven nested calls", lines, 7)
    write("call/twice", "the same function from two places", [
        "mov %r1, 5", "call local double", "mov %r6, %r0", "mov %r1, 7", "call local double", "add %r0, %r6", "exit",
        "double:", "mov %r0, %r1", "add %r0, %r1", "exit"], 24)
    write("call/frame_memory", "a callee writes into its caller's frame through a pointer", [
        "stdw [%r10-8], 1", "mov %r1, %r10", "add %r1, -8", "call local increment", "ldxdw %r0, [%r10-8]", "exit",
        "increment:", "ldxdw %r2, [%r1]", "add %r2, 41", "stxdw [%r1], %r2", "mov %r0, 0", "exit"], 42)
    write("call/exit_in_branch", "exit may stand in the middle", ["mov %r0, 3", "jeq %r0, 3, +1", "exit", "mov %r0, 4", "exit"], 4)
    write("call/helper_time", "helper 5 returns a time that does not run backwards", [
        "call 5", "mov %r6, %r0", "call helper 5", "jge %r0, %r6, fine", "mov %r0, 1", "exit", "fine:", "mov %r0, 0", "exit"], 0)
    write("call/helper_processor", "helper 8: one engine is processor 0", ["mov %r0, 9", "call 8", "exit"], 0)
    write("call/helper_keeps", "a helper call keeps R6-R9", [
        "mov %r6, 6", "mov %r9, 9", "call 7", "mov %r0, %r6", "add %r0, %r9", "exit"], 15)
    write("call/helper_csum", "helper 28: sum of the new bytes minus the old ones, in ones' complement", [
        "stw [%r10-8], 0x01020304", "stw [%r10-4], 0x00000010", "mov %r1, %r10", "add %r1, -4", "mov %r2, 4", "mov %r3, %r10",
        "add %r3, -8", "mov %r4, 4", "mov %r5, 0", "call 28", "exit"], 0x010202f4)
    write("call/helper_csum_size", "helper 28: sizes that are no multiple of 4 are -EINVAL", [
        "mov %r1, %r10", "add %r1, -8", "mov %r2, 3", "mov %r3, 0", "mov %r4, 0", "mov %r5, 0", "call 28", "exit"], -22)


def generate_maps():
    head = ["stw [%r10-4], KEY", "mov %r2, %r10", "add %r2, -4", "lddw %r1, map_by_fd(table)"]
    def with_key(key): return [line.replace("KEY", str(key)) for line in head]
    update = ["stdw [%r10-16], 7", "mov %r3, %r10", "add %r3, -16"]
    array, table = ["table 2 4 8 4"], ["table 1 4 8 2"]
    write("map/array_lookup", "array: every slot exists and is 0", with_key(3) + ["call 1", "jeq %r0, 0, +1", "ldxdw %r0, [%r0]", "exit"], 0, maps=array)
    write("map/array_bounds", "array: a lookup past the end is null", with_key(4) + ["call 1", "exit"], 0, maps=array)
    write("map/array_update", "array: update, then lookup through the pointer", with_key(2) + update + [
        "mov %r4, 0", "call 2", "jne %r0, 0, end"] + with_key(2) + ["call 1", "ldxdw %r0, [%r0]", "end:", "exit"], 7, maps=array)
    write("map/array_delete", "array: delete is -EINVAL", with_key(2) + ["call 3", "exit"], -22, maps=array)
    write("map/array_noexist", "array: BPF_NOEXIST is -EEXIST", with_key(2) + update + ["mov %r4, 1", "call 2", "exit"], -17, maps=array)
    write("map/hash_missing", "hash: lookup of a missing key is null", with_key(2) + ["call 1", "exit"], 0, maps=table)
    write("map/hash_delete_missing", "hash: delete of a missing key is -ENOENT", with_key(2) + ["call 3", "exit"], -2, maps=table)
    write("map/hash_exist", "hash: BPF_EXIST on a missing key is -ENOENT", with_key(2) + update + ["mov %r4, 2", "call 2", "exit"], -2, maps=table)
    full = []
    for key in (1, 2, 3):
        full += with_key(key) + update + ["mov %r4, 0", "call 2"]
    write("map/hash_full", "hash: a third key in a map of two is -E2BIG", full + ["exit"], -7, maps=table)
    write("map/hash_atomic", "hash: an atomic add through the pointer of a lookup", with_key(9) + update + [
        "mov %r4, 0", "call 2"] + with_key(9) + ["call 1", "jeq %r0, 0, end", "mov %r6, %r0", "mov %r1, 35", "lock add [%r6], %r1",
        "ldxdw %r0, [%r6]", "end:", "exit"], 42, maps=table)
    write("map/flags", "an unknown update flag is -EINVAL", with_key(1) + update + ["mov %r4, 99", "call 2", "exit"], -22, maps=table)


def generate_traps():
    """One file for each row of the list of rules that implementations get wrong."""
    def simple(name, about, lines, result):
        write(f"traps/{name}", about, lines + ["exit"], result)

    simple("div_by_zero", "division by zero is 0", ["mov %r0, 7", "mov %r1, 0", "div %r0, %r1"], 0)
    simple("div32_by_zero", "32-bit division by zero is 0, the upper half as well", ["lddw %r0, 0x700000007", "mov %r1, 0", "div32 %r0, %r1"], 0)
    simple("div32_low_half_zero", "32-bit division looks at the low half of the divisor", ["mov %r0, 7", "lddw %r1, 0x100000000", "div32 %r0, %r1"], 0)
    simple("mod_by_zero", "64-bit modulo by zero keeps dst", ["lddw %r0, 0x700000007", "mov %r1, 0", "mod %r0, %r1"], 0x700000007)
    simple("mod32_by_zero", "32-bit modulo by zero keeps the low half and clears the upper", ["lddw %r0, 0x700000007", "mov %r1, 0", "mod32 %r0, %r1"], 7)
    simple("sdiv_minimum", "INT64_MIN / -1 is INT64_MIN", ["lddw %r0, 0x8000000000000000", "sdiv %r0, -1"], 1 << 63)
    simple("sdiv32_minimum", "INT32_MIN / -1 is INT32_MIN, zero-extended", ["lddw %r0, 0x80000000", "sdiv32 %r0, -1"], 1 << 31)
    simple("smod_minimum", "INT64_MIN % -1 is 0", ["lddw %r0, 0x8000000000000000", "smod %r0, -1"], 0)
    simple("smod32_minimum", "INT32_MIN % -1 is 0", ["lddw %r0, 0x80000000", "smod32 %r0, -1"], 0)
    simple("sdiv_by_zero", "signed division by zero is 0", ["mov %r0, -7", "mov %r1, 0", "sdiv %r0, %r1"], 0)
    simple("smod_by_zero", "signed modulo by zero keeps dst", ["mov %r0, -7", "mov %r1, 0", "smod %r0, %r1"], -7)
    simple("smod32_by_zero", "signed 32-bit modulo by zero clears the upper half", ["mov %r0, -7", "mov %r1, 0", "smod32 %r0, %r1"], 0xfffffff9)
    simple("smod_truncates", "-13 s% 3 is -1: the sign of the dividend", ["mov %r0, -13", "smod %r0, 3"], -1)
    simple("smod_divisor_sign", "13 s% -3 is 1", ["mov %r0, 13", "smod %r0, -3"], 1)
    simple("sdiv_truncates", "-13 s/ 3 is -4: towards zero", ["mov %r0, -13", "sdiv %r0, 3"], -4)
    simple("div_sign_extended", "div imm: -1 is 0xffffffffffffffff, unsigned", ["lddw %r0, 0xfffffffffffffffe", "div %r0, -1"], 0)
    simple("mod_sign_extended", "mod imm: -2 is 0xfffffffffffffffe, unsigned", ["lddw %r0, 0xffffffffffffffff", "mod %r0, -2"], 1)
    simple("shift_masked", "64-bit shifts take the low 6 bits of the amount", ["mov %r0, 1", "mov %r1, 65", "lsh %r0, %r1"], 2)
    simple("shift32_masked", "32-bit shifts take the low 5 bits of the amount", ["mov %r0, 1", "mov %r1, 33", "lsh32 %r0, %r1"], 2)
    simple("rsh32_negative", "rsh32 by -24 shifts by 8", ["mov %r0, 0x12345678", "rsh32 %r0, -24"], 0x123456)
    simple("arsh32_sign", "arsh32 takes bit 31 as sign and zero-extends", ["lddw %r0, 0x7fffffff80000000", "arsh32 %r0, 4"], 0xf8000000)
    simple("mov32_extends", "a 32-bit result clears the upper half", ["mov %r0, -1", "mov32 %r0, -1"], M32)
    simple("add32_extends", "add32 wraps and clears the upper half", ["mov %r0, -1", "add32 %r0, 1"], 0)
    simple("movsx832_extends", "movsx832 clears the upper half", ["mov %r1, 0x80", "movsx832 %r0, %r1"], 0xffffff80)
    simple("mov_sign_extends", "mov imm is sign-extended", ["mov %r0, 0x80000001"], 0xffffffff80000001)
    simple("stdw_sign_extends", "stdw imm is sign-extended", ["stdw [%r10-8], 0x80000001", "ldxdw %r0, [%r10-8]"], 0xffffffff80000001)
    simple("jlt_sign_extends", "jlt compares with the sign-extended immediate", ["lddw %r1, 0x90000000", "mov %r0, 1", "jlt %r1, 0x80000001, +1", "mov %r0, 2"], 1)
    simple("jset_sign_extends", "jset tests the sign-extended immediate", ["lddw %r1, 0x100000000", "mov %r0, 1", "jset %r1, 0x80000000, +1", "mov %r0, 2"], 1)
    simple("jeq32_low_half", "jeq32 ignores the upper half", ["lddw %r1, 0x500000001", "mov %r0, 1", "jeq32 %r1, 1, +1", "mov %r0, 2"], 1)
    simple("jslt32_sign", "jslt32 takes bit 31 as sign", ["lddw %r1, 0x80000000", "mov %r0, 1", "jslt32 %r1, 0, +1", "mov %r0, 2"], 1)
    simple("jsgt_wide", "jsgt looks at bit 63, not at bit 31", ["lddw %r1, 0x80000000", "mov %r0, 1", "jsgt %r1, 0, +1", "mov %r0, 2"], 1)
    simple("le16_truncates", "le16 on a little-endian machine still cuts", ["lddw %r0, 0x1122334455667788", "le16 %r0"], 0x7788)
    simple("le32_truncates", "le32 on a little-endian machine still cuts", ["lddw %r0, 0x1122334455667788", "le32 %r0"], 0x55667788)
    simple("be16_truncates", "be16 swaps and cuts", ["lddw %r0, 0x1122334455667788", "be16 %r0"], 0x8877)
    simple("swap32_truncates", "swap32 cuts to 32 bits", ["lddw %r0, 0x1122334455667788", "swap32 %r0"], 0x88776655)
    simple("gotol_imm", "ja32 jumps by imm", ["mov %r0, 1", "ja32 +1", "mov %r0, 2"], 1)
    simple("cmpxchg32_r0", "cmpxchg32 compares the low half of R0 and zero-extends the old value into it",
           ["stdw [%r10-8], 5", "lddw %r0, 0x900000005", "mov %r1, 6", "lock cmpxchg32 [%r10-8], %r1"], 5)
    simple("cmpxchg_miss", "cmpxchg that misses loads the old value into R0 and stores nothing",
           ["stdw [%r10-8], 5", "mov %r0, 4", "mov %r1, 6", "lock cmpxchg [%r10-8], %r1", "ldxdw %r2, [%r10-8]", "lsh %r0, 8", "or %r0, %r2"], 0x505)
    simple("fetch32_extends", "a 32-bit fetch zero-extends the old value",
           ["stdw [%r10-8], -1", "mov %r1, 0", "lock fetch add32 [%r10-8], %r1", "mov %r0, %r1"], M32)
    simple("xchg32_upper", "xchg32 leaves the upper half of the memory",
           ["stdw [%r10-8], -1", "mov %r1, 0", "lock xchg32 [%r10-8], %r1", "ldxdw %r0, [%r10-8]"], M64 & ~M32)
    simple("r10_is_readable", "R10 may be copied and compared", ["mov %r1, %r10", "add %r1, -8", "stdw [%r1], 9", "ldxdw %r0, [%r10-8]"], 9)
    simple("load_use", "a load's result is used by the next instruction", ["stdw [%r10-8], 20", "ldxdw %r1, [%r10-8]", "add %r1, 1", "mov %r0, %r1"], 21)
    simple("load_address_use", "a load's result is the next load's address",
           ["stdw [%r10-16], 33", "mov %r1, %r10", "add %r1, -16", "stxdw [%r10-8], %r1", "ldxdw %r2, [%r10-8]", "ldxdw %r0, [%r2]"], 33)
    simple("load_branch_use", "a load's result decides the next jump", ["stdw [%r10-8], 1", "mov %r0, 1", "ldxdw %r1, [%r10-8]", "jeq %r1, 1, +1", "mov %r0, 2"], 1)
    simple("forwarding", "results are forwarded from one, two and three instructions before",
           ["mov %r0, 1", "mov %r1, %r0", "add %r1, %r0", "add %r1, %r0", "mov %r2, %r1", "add %r0, %r2"], 4)


def slot(opcode, dst=0, src=0, offset=0, imm=0):
    return opcode | dst << 8 | src << 12 | (offset & 0xffff) << 16 | (imm & M32) << 32


def generate_errors():
    exit_slot = slot(0x95)

    def raw(name, about, words):
        write(f"errors/{name}", about, [], error="refused", raw=words)

    def asm(name, about, lines, memory=None, maps=None):
        write(f"errors/{name}", about, lines, error="refused, or a fault", memory=memory, maps=maps)

    for opcode in (0x20, 0x28, 0x30, 0x40, 0x48, 0x50):
        raw(f"legacy_packet_{opcode:02x}", "deprecated packet access", [slot(opcode), exit_slot])
    for opcode in (0x00, 0x38, 0x58, 0x99, 0xe5, 0xf5, 0xe4, 0xf7, 0xff, 0xc1, 0xcb, 0xd3, 0x8d, 0x9d, 0x0e, 0x86, 0x96, 0x8f, 0xdf):
        raw(f"opcode_{opcode:02x}", "an opcode that is not defined", [slot(0xb7), slot(opcode), exit_slot])
    for name, word in {
            "add_imm_src": slot(0x07, 0, 1), "add_imm_offset": slot(0x07, 0, 0, 1), "add_reg_imm": slot(0x0f, 0, 1, 0, 1),
            "mov_reg_offset": slot(0xbf, 0, 1, 7), "mov_imm_offset": slot(0xb7, 0, 0, 8), "neg_src": slot(0x87, 0, 1), "neg_imm": slot(0x87, 0, 0, 0, 1),
            "div_offset": slot(0x37, 0, 0, 2, 1), "end_width": slot(0xd4, 0, 0, 0, 8), "end_offset": slot(0xdc, 0, 0, 1, 16),
            "exit_dst": slot(0x95, 1), "exit_imm": slot(0x95, 0, 0, 0, 1), "ja_imm": slot(0x05, 0, 0, 0, 1), "ja32_offset": slot(0x06, 0, 0, 1, 0),
            "call_dst": slot(0x85, 1, 0, 0, 5), "call_offset": slot(0x85, 0, 0, 1, 5), "call_src": slot(0x85, 0, 3, 0, 5), "ldx_imm": slot(0x79, 0, 10, -8, 1),
            "st_src": slot(0x7a, 10, 1, -8, 1), "stx_imm": slot(0x7b, 10, 1, -8, 1), "atomic_imm": slot(0xdb, 10, 1, -8, 0x10), "atomic_imm_store": slot(0xdb, 10, 1, -8, 0xe0),
            "movsx32_alu32": slot(0xbc, 0, 1, 32), "jeq_imm_src": slot(0x15, 0, 1, 0, 0)}.items():
        raw(f"field_{name}", "an unused field is not zero, or a selecting one has no meaning", [slot(0xb7), word, exit_slot])
    for register in range(11, 16):
        raw(f"register_dst_{register}", "a register that does not exist", [slot(0xb7, register), exit_slot])
        raw(f"register_src_{register}", "a register that does not exist", [slot(0xbf, 0, register), exit_slot])
    for src in range(1, 7):
        raw(f"lddw_src_{src}", "lddw of something that no loader resolved", [slot(0x18, 0, src), 0, exit_slot])
    raw("lddw_cut", "lddw at the end", [slot(0xb7), slot(0x18)])
    raw("lddw_second_opcode", "the second slot of lddw has an opcode", [slot(0x18), slot(0xb7), exit_slot])
    raw("jump_into_lddw", "a jump into the second slot of lddw", [slot(0x05, offset=1), slot(0x18), 0, exit_slot])
    asm("write_r10", "R10 is read-only", ["mov %r10, 0", "exit"])
    asm("load_into_r10", "R10 is read-only", ["ldxdw %r10, [%r10-8]", "exit"])
    asm("fetch_into_r10", "R10 is read-only", ["lock fetch add [%r10-8], %r10", "exit"])
    asm("jump_before", "a jump before the program", ["mov %r0, 0", "ja -3", "exit"])
    asm("jump_behind", "a jump behind the program", ["mov %r0, 0", "jeq %r0, 0, +1", "exit"])
    asm("call_behind", "a call behind the program", ["call local +5", "exit"])
    asm("fall_off", "the last instruction is no exit", ["mov %r0, 0"])
    asm("no_exit", "an endless loop", ["mov %r0, 0", "again:", "add %r0, 1", "ja again"])
    asm("no_exit_in_branch", "one branch ends in an endless loop", ["mov %r0, 0", "jeq %r1, 7, stuck", "exit", "stuck:", "ja stuck"])
    asm("budget", "a loop that ends too late for the budget", ["mov %r0, 0", "again:", "add %r0, 1", "jne %r0, -1, again", "exit"])
    asm("recursion", "a function that calls itself", ["call local f", "exit", "f:", "call local f", "exit"])
    asm("recursion_pair", "two functions that call each other", ["call local f", "exit", "f:", "call local g", "exit", "g:", "call local f", "exit"])
    nine = ["call local f1", "exit"]
    for depth in range(1, 9):
        nine += [f"f{depth}:"] + ([f"call local f{depth + 1}"] if depth < 8 else ["mov %r0, 0"]) + ["exit"]
    asm("nine_frames", "eight nested calls need a ninth frame", nine)
    asm("helper_unknown", "a helper that does not exist", ["call 9999", "exit"])
    asm("helper_negative", "a helper that does not exist", ["call -1", "exit"])
    asm("call_runtime", "calls by BTF id are not available", ["call runtime 42", "exit"])
    asm("map_handle", "R1 is no map", ["mov %r1, 77", "mov %r2, %r10", "add %r2, -8", "call 1", "exit"])
    asm("null", "a load from address 0", ["mov %r1, 0", "ldxdw %r0, [%r1]", "exit"])
    asm("high_address", "an address above 32 bits", ["lddw %r1, 0x110000000", "ldxb %r0, [%r1]", "exit"], list(range(8)))
    asm("no_region", "an address between the regions", ["lddw %r1, 0x50000000", "ldxb %r0, [%r1]", "exit"])
    asm("memory_end", "a load past the end of the memory", ["ldxdw %r0, [%r1+1]", "exit"], list(range(8)))
    asm("memory_before", "a load before the memory", ["ldxb %r0, [%r1-1]", "exit"], list(range(8)))
    asm("memory_store_end", "a store of which one byte is outside", ["stw [%r1+5], 0", "exit"], list(range(8)))
    asm("memory_atomic_end", "an atomic past the end of the memory", ["lock add [%r1+8], %r2", "exit"], list(range(8)))
    asm("stack_above", "a load above the stack region", ["mov %r1, %r10", "add %r1, 0xe00", "ldxb %r0, [%r1]", "exit"])
    asm("stack_below", "a store below the stack region", ["mov %r1, %r10", "add %r1, -513", "stb [%r1], 0", "exit"])
    asm("data_none", "the data region of a program without globals", ["lddw %r1, 0x30000000", "ldxb %r0, [%r1]", "exit"])
    asm("context_store", "the context is read-only", ["lddw %r1, 0x40000000", "stw [%r1], 0", "exit"])
    asm("helper_key_bounds", "a helper reads a key out of bounds", ["lddw %r1, map_by_fd(table)", "mov %r2, 0", "call 1", "exit"], maps=["table 2 4 8 4"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    check = parser.parse_args().check
    for generate in (generate_alu, generate_byte_order, generate_jumps, generate_memory, generate_atomics, generate_calls,
                     generate_maps, generate_traps, generate_errors):
        generate()
    wanted = {ROOT / f"{name}.data": text for name, text in FILES.items()}
    present = set(ROOT.rglob("*.data"))
    stale = sorted(present - wanted.keys()) + sorted(p for p, t in wanted.items() if not p.exists() or p.read_text() != t)
    if check:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date")
        return 1 if stale else 0
    for path in present - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    print(f"{len(wanted)} files in {ROOT.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
