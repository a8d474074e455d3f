// The instruction set as data: one row for each encoding of RFC 9669 that the device has.
//
// Left out, and so refused everywhere: the deprecated packet group, callx, kernel-only encodings, lddw with
// src 1–6 (the loader resolves them first) and calls by BTF id. Assembler, disassembler, verifier and model
// all read this table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "lib/bpf/instruction.h"

namespace faisca::bpf {

// Low three bits of an opcode.
enum class Class : std::uint8_t {
  kLd = 0,
  kLdx = 1,
  kSt = 2,
  kStx = 3,
  kAlu = 4,
  kJmp = 5,
  kJmp32 = 6,
  kAlu64 = 7
};
inline constexpr Class class_of(std::uint8_t opcode) { return static_cast<Class>(opcode & 7); }
inline constexpr bool uses_register_source(std::uint8_t opcode) { return (opcode & 0x08) != 0; }

inline constexpr std::uint8_t kRegisters = 11;
inline constexpr std::uint8_t kFramePointer = 10;

// Opcodes that have rules of their own.
inline constexpr std::uint8_t kOpLoad64 = 0x18;
inline constexpr std::uint8_t kOpJump = 0x05;
inline constexpr std::uint8_t kOpJumpLong = 0x06;
inline constexpr std::uint8_t kOpCall = 0x85;
inline constexpr std::uint8_t kOpExit = 0x95;
inline constexpr std::uint8_t kOpAtomic32 = 0xc3;
inline constexpr std::uint8_t kOpAtomic64 = 0xdb;

// src field of kOpCall and kOpLoad64 before the loader has resolved them.
inline constexpr std::uint8_t kCallHelper = 0;
inline constexpr std::uint8_t kCallLocal = 1;
inline constexpr std::uint8_t kCallBtf = 2;

// imm of the atomic opcodes.
inline constexpr std::int32_t kAtomicFetch = 0x01;
inline constexpr std::int32_t kAtomicAdd = 0x00;
inline constexpr std::int32_t kAtomicOr = 0x40;
inline constexpr std::int32_t kAtomicAnd = 0x50;
inline constexpr std::int32_t kAtomicXor = 0xa0;
inline constexpr std::int32_t kAtomicExchange = 0xe1;
inline constexpr std::int32_t kAtomicCompareExchange = 0xf1;

// Conformance groups of RFC 9669 §2.4.
enum class Group : std::uint8_t { kBase32, kBase64, kDivmul32, kDivmul64, kAtomic32, kAtomic64 };

// Which fields an instruction uses, and so how it is written.
enum class Form : std::uint8_t {
  kAluImm,      // dst op= imm
  kAluReg,      // dst op= src; offset selects the variant (sdiv, movsx)
  kUnary,       // neg; be16 … swap64, whose imm is the width
  kJumpImm,     // if dst ? imm goto offset
  kJumpReg,     // if dst ? src goto offset
  kJump,        // goto offset
  kJumpLong,    // goto imm
  kCallHelper,  // call imm
  kCallLocal,   // call pc + imm
  kExit,
  kLoad,      // dst = *(src + offset)
  kStoreImm,  // *(dst + offset) = imm
  kStoreReg,  // *(dst + offset) = src
  kAtomic,    // imm selects the operation
  kLoad64,    // dst = 64-bit constant
};

struct Encoding {
  std::uint8_t opcode;
  Form form;
  Group group;
  std::string name;         // assembler mnemonic: "add32", "lock fetch xor", "movsx832"
  std::int16_t offset = 0;  // required offset, for the ALU forms
  std::int32_t imm = 0;     // required imm, for kUnary and kAtomic
};

std::span<const Encoding> encodings();

// The row of `instruction`, checking opcode and every field; nullptr if there is none.
const Encoding* find_encoding(const Instruction& instruction);

// Why find_encoding has no row, for example "offset must be 0, is 7"; empty if it has one.
std::string encoding_problem(const Instruction& instruction);

// Bytes that a load, store or atomic opcode moves: 1, 2, 4 or 8.
std::uint8_t access_bytes(std::uint8_t opcode);

// What the fields of an encoded instruction mean.
bool writes_dst(const Encoding& encoding);  // dst is a result (never true for stores, jumps, calls)
bool is_conditional_jump(Form form);
// Distance to the target of a jump or local call, from the next slot.
std::int64_t jump_displacement(const Instruction& instruction, Form form);

}  // namespace faisca::bpf
