// Types and codes that the engine's stages share. Opcode layout: RFC 9669 section 3.
package ebpf_pkg;
  // What executes an instruction.
  localparam logic [3:0] UnitAlu        = 4'd0;
  localparam logic [3:0] UnitMultiply   = 4'd1;
  localparam logic [3:0] UnitDivide     = 4'd2;
  localparam logic [3:0] UnitLoad       = 4'd3;
  localparam logic [3:0] UnitStore      = 4'd4;
  localparam logic [3:0] UnitAtomic     = 4'd5;
  localparam logic [3:0] UnitBranch     = 4'd6;
  localparam logic [3:0] UnitJump       = 4'd7;  // ja, gotol
  localparam logic [3:0] UnitCallHelper = 4'd8;
  localparam logic [3:0] UnitCallLocal  = 4'd9;
  localparam logic [3:0] UnitExit       = 4'd10;

  localparam logic [3:0] AluAdd       = 4'd0;
  localparam logic [3:0] AluSub       = 4'd1;
  localparam logic [3:0] AluOr        = 4'd2;
  localparam logic [3:0] AluAnd       = 4'd3;
  localparam logic [3:0] AluLsh       = 4'd4;
  localparam logic [3:0] AluRsh       = 4'd5;
  localparam logic [3:0] AluNeg       = 4'd6;
  localparam logic [3:0] AluXor       = 4'd7;
  localparam logic [3:0] AluMov       = 4'd8;
  localparam logic [3:0] AluArsh      = 4'd9;
  localparam logic [3:0] AluSignExt   = 4'd10;  // movsx; size = log2 of the bytes kept
  localparam logic [3:0] AluSwap      = 4'd11;  // byte order; size = log2 of the bytes swapped
  localparam logic [3:0] AluZeroExt   = 4'd12;  // to little endian: keeps the low 2^size bytes

  // Codes of RFC 9669's conditional jumps, opcode[7:4].
  localparam logic [3:0] JumpEq  = 4'h1;
  localparam logic [3:0] JumpGt  = 4'h2;
  localparam logic [3:0] JumpGe  = 4'h3;
  localparam logic [3:0] JumpSet = 4'h4;
  localparam logic [3:0] JumpNe  = 4'h5;
  localparam logic [3:0] JumpSgt = 4'h6;
  localparam logic [3:0] JumpSge = 4'h7;
  localparam logic [3:0] JumpLt  = 4'ha;
  localparam logic [3:0] JumpLe  = 4'hb;
  localparam logic [3:0] JumpSlt = 4'hc;
  localparam logic [3:0] JumpSle = 4'hd;

  // imm[7:4] of atomics.
  localparam logic [3:0] AtomicAdd             = 4'h0;
  localparam logic [3:0] AtomicOr              = 4'h4;
  localparam logic [3:0] AtomicAnd             = 4'h5;
  localparam logic [3:0] AtomicXor             = 4'ha;
  localparam logic [3:0] AtomicExchange        = 4'he;
  localparam logic [3:0] AtomicCompareExchange = 4'hf;

  localparam logic [3:0] FramePointer = 4'd10;

  // One-hot index of a memory region.
  localparam int RegionMemory  = 0;
  localparam int RegionStack   = 1;
  localparam int RegionData    = 2;
  localparam int RegionContext = 3;

  // What decoding one instruction yields.
  typedef struct packed {
    logic       illegal;             // encoding, see regs FaultIllegalInstruction
    logic       writes_frame_pointer;
    logic [3:0] unit;                // Unit*
    logic [3:0] op;                  // Alu*, Jump* or Atomic*, by unit
    logic       is_64;               // operands and result have 64 bits
    logic       use_imm;             // operand B is the immediate
    logic       is_signed;           // divide, load
    logic       want_remainder;      // divide
    logic       fetch;               // atomic returns the old value
    logic [1:0] size;                // log2 of the bytes of an access, or see Alu*
    logic       writes_rd;
    logic [3:0] rd;
    logic       reads_a;             // field dst is an operand
    logic       reads_b;             // field src is an operand
  } control_t;

  // Decode to execute.
  typedef struct packed {
    logic        valid;
    logic        out_of_program;     // there is no instruction at pc
    logic [31:0] pc;
    logic [63:0] instruction;
    control_t    control;
    logic [5:0]  rd;                 // physical register, see decode_stage
    logic [5:0]  ra;
    logic [5:0]  rb;
    logic [63:0] a;
    logic [63:0] b;
    logic [63:0] imm;
  } execute_t;

  // What the retire port says besides the destination register: travels down the pipeline unused.
  typedef struct packed {
    logic [31:0] pc;
    logic [63:0] instruction;
    logic        writes_memory;
    logic [31:0] address;
    logic [63:0] data;
    logic [1:0]  size;
  } retire_t;

  // Execute to memory, and memory to write-back.
  typedef struct packed {
    logic        valid;
    logic        writes_rd;
    logic [3:0]  rd_name;
    logic [5:0]  rd;
    logic        is_load;
    logic        is_signed;
    logic [1:0]  size;
    logic [63:0] value;
    retire_t     retire;
  } result_t;
endpackage
