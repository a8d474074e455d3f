// One instruction slot to control signals; combinational. Every encoding that RFC 9669 does not
// define, or that leaves an unused field non-zero, is illegal. The second slot of an lddw is
// checked by decode_stage.
module decoder (
  input  logic [63:0]        instruction_i,
  output ebpf_pkg::control_t control_o
);
  localparam logic [2:0] ClassLd    = 3'd0;
  localparam logic [2:0] ClassLdx   = 3'd1;
  localparam logic [2:0] ClassSt    = 3'd2;
  localparam logic [2:0] ClassStx   = 3'd3;
  localparam logic [2:0] ClassAlu   = 3'd4;
  localparam logic [2:0] ClassJmp   = 3'd5;
  localparam logic [2:0] ClassJmp32 = 3'd6;
  localparam logic [2:0] ClassAlu64 = 3'd7;

  localparam logic [2:0] ModeMem    = 3'd3;
  localparam logic [2:0] ModeMemSx  = 3'd4;
  localparam logic [2:0] ModeAtomic = 3'd6;

  logic [2:0]  opclass;
  logic [3:0]  code;
  logic        from_register;
  logic [3:0]  dst, src;
  logic [15:0] offset;
  logic [31:0] imm;

  assign opclass       = instruction_i[2:0];
  assign from_register = instruction_i[3];
  assign code          = instruction_i[7:4];
  assign dst           = instruction_i[11:8];
  assign src           = instruction_i[15:12];
  assign offset        = instruction_i[31:16];
  assign imm           = instruction_i[63:32];

  logic       src_zero, dst_zero, offset_zero, imm_zero;
  logic       source_ok;   // the unused one of src and imm is zero, as bit 3 says
  logic [2:0] mode;
  logic [1:0] access_size;

  assign src_zero    = src == 4'd0;
  assign dst_zero    = dst == 4'd0;
  assign offset_zero = offset == 16'd0;
  assign imm_zero    = imm == 32'd0;
  assign source_ok   = from_register ? imm_zero : src_zero;
  assign mode        = instruction_i[7:5];

  always_comb begin
    unique case (instruction_i[4:3])
      2'd0:    access_size = 2'd2;
      2'd1:    access_size = 2'd1;
      2'd2:    access_size = 2'd0;
      default: access_size = 2'd3;
    endcase
  end

  // Class by class: what the fields must be, and what the instruction then is.
  logic               legal;
  logic               writes_dst;
  ebpf_pkg::control_t control;

  always_comb begin
    legal      = 1'b0;
    writes_dst = 1'b0;
    control    = '0;
    unique case (opclass)
      ClassAlu, ClassAlu64: begin
        control.is_64   = opclass == ClassAlu64;
        control.use_imm = !from_register;
        control.reads_a = 1'b1;
        control.reads_b = from_register;
        writes_dst      = 1'b1;
        legal           = source_ok && offset_zero;
        unique case (code)
          4'h0: control.op = ebpf_pkg::AluAdd;
          4'h1: control.op = ebpf_pkg::AluSub;
          4'h4: control.op = ebpf_pkg::AluOr;
          4'h5: control.op = ebpf_pkg::AluAnd;
          4'h6: control.op = ebpf_pkg::AluLsh;
          4'h7: control.op = ebpf_pkg::AluRsh;
          4'ha: control.op = ebpf_pkg::AluXor;
          4'hc: control.op = ebpf_pkg::AluArsh;
          4'h2: control.unit = ebpf_pkg::UnitMultiply;
          4'h3, 4'h9: begin
            control.unit           = ebpf_pkg::UnitDivide;
            control.want_remainder = code == 4'h9;
            control.is_signed      = offset[0];
            legal                  = source_ok && offset[15:1] == 15'd0;
          end
          4'h8: begin
            control.op = ebpf_pkg::AluNeg;
            legal      = !from_register && src_zero && offset_zero && imm_zero;
          end
          4'hb: begin
            control.op      = offset_zero ? ebpf_pkg::AluMov : ebpf_pkg::AluSignExt;
            control.reads_a = 1'b0;
            if (offset == 16'd16) control.size = 2'd1;
            if (offset == 16'd32) control.size = 2'd2;
            legal = source_ok && (offset_zero || (from_register && (offset == 16'd8 ||
                    offset == 16'd16 || (offset == 16'd32 && opclass == ClassAlu64))));
          end
          4'hd: begin
            // Bit 3 is the byte order here, not the source.
            control.op      = (from_register || opclass == ClassAlu64) ?
                              ebpf_pkg::AluSwap : ebpf_pkg::AluZeroExt;
            control.is_64   = 1'b1;
            control.use_imm = 1'b1;
            control.reads_b = 1'b0;
            if (imm == 32'd16) control.size = 2'd1;
            if (imm == 32'd32) control.size = 2'd2;
            if (imm == 32'd64) control.size = 2'd3;
            legal = src_zero && offset_zero && control.size != 2'd0 &&
                    !(from_register && opclass == ClassAlu64);
          end
          default: legal = 1'b0;
        endcase
      end

      ClassJmp, ClassJmp32: begin
        control.is_64   = opclass == ClassJmp;
        control.use_imm = !from_register;
        control.op      = code;
        unique case (code)
          4'h0: begin
            control.unit = ebpf_pkg::UnitJump;
            legal        = !from_register && dst_zero && src_zero &&
                           (opclass == ClassJmp ? imm_zero : offset_zero);
          end
          4'h8: begin
            control.unit = (src == 4'd1) ? ebpf_pkg::UnitCallLocal : ebpf_pkg::UnitCallHelper;
            legal        = opclass == ClassJmp && !from_register && dst_zero && offset_zero &&
                           src[3:1] == 3'd0;
            control.writes_rd = src_zero;  // R0 is the helper's answer
          end
          4'h9: begin
            control.unit = ebpf_pkg::UnitExit;
            legal        = opclass == ClassJmp && !from_register && dst_zero && src_zero &&
                           offset_zero && imm_zero;
          end
          4'he, 4'hf: legal = 1'b0;
          default: begin
            control.unit    = ebpf_pkg::UnitBranch;
            control.reads_a = 1'b1;
            control.reads_b = from_register;
            legal           = source_ok;
          end
        endcase
      end

      ClassLdx: begin
        control.unit      = ebpf_pkg::UnitLoad;
        control.size      = access_size;
        control.is_signed = mode == ModeMemSx;
        control.reads_b   = 1'b1;
        writes_dst        = 1'b1;
        legal             = imm_zero && (mode == ModeMem ||
                                         (mode == ModeMemSx && access_size != 2'd3));
      end

      ClassSt: begin
        control.unit    = ebpf_pkg::UnitStore;
        control.size    = access_size;
        control.use_imm = 1'b1;
        control.reads_a = 1'b1;
        legal           = mode == ModeMem && src_zero;
      end

      ClassStx: begin
        control.size    = access_size;
        control.reads_a = 1'b1;
        control.reads_b = 1'b1;
        if (mode == ModeAtomic) begin
          control.unit  = ebpf_pkg::UnitAtomic;
          control.op    = imm[7:4];
          control.is_64 = access_size == 2'd3;
          control.fetch = imm[0];
          unique case (imm[7:4])
            ebpf_pkg::AtomicAdd, ebpf_pkg::AtomicOr, ebpf_pkg::AtomicAnd, ebpf_pkg::AtomicXor:
              legal = access_size[1];
            ebpf_pkg::AtomicExchange, ebpf_pkg::AtomicCompareExchange:
              legal = access_size[1] && imm[0];
            default: legal = 1'b0;
          endcase
          if (imm[31:8] != 24'd0 || imm[3:1] != 3'd0) legal = 1'b0;
        end else begin
          control.unit = ebpf_pkg::UnitStore;
          legal        = mode == ModeMem && imm_zero;
        end
      end

      ClassLd: begin
        // lddw: the move of a 64-bit immediate.
        control.op      = ebpf_pkg::AluMov;
        control.is_64   = 1'b1;
        control.use_imm = 1'b1;
        writes_dst      = 1'b1;
        legal           = instruction_i[7:3] == 5'h03 && src_zero && offset_zero;
      end

      default: legal = 1'b0;
    endcase
  end

  // Destination register, and the registers that there are.
  logic fetch_to_src;
  logic dst_used;

  assign fetch_to_src = control.unit == ebpf_pkg::UnitAtomic && control.fetch &&
                        control.op != ebpf_pkg::AtomicCompareExchange;
  assign dst_used     = control.reads_a || writes_dst;

  always_comb begin
    control_o           = control;
    control_o.writes_rd = control.writes_rd || writes_dst || control.fetch;
    control_o.rd        = 4'd0;
    if (writes_dst) control_o.rd = dst;
    if (fetch_to_src) control_o.rd = src;
    control_o.illegal = !legal || (dst_used && dst > ebpf_pkg::FramePointer) ||
                        (control.reads_b && src > ebpf_pkg::FramePointer);
    control_o.writes_frame_pointer = control_o.writes_rd && control_o.rd == ebpf_pkg::FramePointer;
  end
endmodule
