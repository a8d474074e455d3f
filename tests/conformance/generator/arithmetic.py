"""ALU instructions, byte order and jumps: every one in every form, with results by RFC 9669 section 4."""
from .cases import IMMEDIATES, M64, WIDE, Checks, pairs, signed, write

ALU = ["add", "sub", "mul", "div", "or", "and", "lsh", "rsh", "mod", "xor", "mov", "arsh", "sdiv", "smod"]
JUMPS = ["jeq", "jgt", "jge", "jset", "jne", "jsgt", "jsge", "jlt", "jle", "jslt", "jsle"]


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
