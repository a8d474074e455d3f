"""One file for each rule that implementations get wrong, and one for each program that must be refused or fault."""
from .cases import M32, M64, write


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
