"""What the generated files are made of: corner values, the writer of one file, programs that make many checks."""
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
