"""Loads, stores, atomics, calls, helpers and maps."""
from .cases import M32, M64, WIDE, Checks, signed, write

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
    write("call/helper_csum", "helper 28: sum of the new bytes minus the old ones, in ones' complement, folded to 16 bits", [
        "stw [%r10-8], 0x01020304", "stw [%r10-4], 0x00000010", "mov %r1, %r10", "add %r1, -4", "mov %r2, 4", "mov %r3, %r10",
        "add %r3, -8", "mov %r4, 4", "mov %r5, 0", "call 28", "exit"], 0x3f6)
    write("call/helper_csum_size", "helper 28: the last word is filled up with zeros", [
        "stw [%r10-8], 0x44332211", "mov %r1, %r10", "add %r1, -8", "mov %r2, 3", "mov %r3, 0", "mov %r4, 0", "mov %r5, 0", "call 28", "exit"], 0xddbb)


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
