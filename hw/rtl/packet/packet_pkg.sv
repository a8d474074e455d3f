// What the blocks of the packet pipeline share: sizes, verdicts, what travels with a packet.
package packet_pkg;
  // A packet slot: 2 KiB, the packet behind 256 bytes of headroom. Lines have 32 bytes, as beats.
  localparam int SlotLines    = 64;
  localparam int SlotBytes    = 2048;
  localparam int HeadroomLine = 8;
  localparam int MaxLength    = SlotBytes - 256 - 8;  // longest packet, grown ones too
  localparam int MinLength    = 14;                   // an Ethernet header

  // Lines of an engine's local memory: slots, then the stack, then the context.
  localparam logic [8:0] StackLine   = 9'd256;
  localparam logic [8:0] ContextLine = 9'd384;

  // linux/bpf.h, enum xdp_action.
  localparam logic [2:0] XdpAborted  = 3'd0;
  localparam logic [2:0] XdpDrop     = 3'd1;
  localparam logic [2:0] XdpPass     = 3'd2;
  localparam logic [2:0] XdpTx       = 3'd3;
  localparam logic [2:0] XdpRedirect = 3'd4;

  // A resident program's version: {program, bank}.
  localparam int VersionWidth = 4;

  // What a packet brings to its slot.
  typedef struct packed {
    logic        epoch;      // of program switches, see version_select
    logic [3:0]  version;
    logic [10:0] length;
    logic [31:0] arrival;    // cycle of the first beat
  } arrival_t;

  // What a run leaves for the collector.
  typedef struct packed {
    logic [2:0]  verdict;    // Xdp*
    logic [2:0]  fault;      // regs FAULT_*, with XdpAborted; 0: the program chose it
    logic [7:0]  ports;      // for XdpRedirect
    logic [10:0] data;       // first byte in the slot, and one past the last
    logic [10:0] data_end;
  } outcome_t;

  // What a packet is on its way out.
  typedef struct packed {
    logic [1:0]  source;     // port it came in
    logic [10:0] length;
    logic [31:0] arrival;
  } departure_t;

  // Widths of the three, for vectors of them (Yosys 0.23 has no $bits of a type).
  localparam int ArrivalBits   = 48;
  localparam int OutcomeBits   = 36;
  localparam int DepartureBits = 45;

  // What an engine does in a cycle, for the breakdown of cycles per packet.
  localparam logic [2:0] ActIdle    = 3'd0;  // no packet
  localparam logic [2:0] ActIssue   = 3'd1;  // an instruction takes effect
  localparam logic [2:0] ActLoadUse = 3'd2;
  localparam logic [2:0] ActBranch  = 3'd3;  // empty behind a taken branch
  localparam logic [2:0] ActCall    = 3'd4;  // map or helper
  localparam logic [2:0] ActData    = 3'd5;  // data region: map values, globals
  localparam logic [2:0] ActBeat    = 3'd6;  // bytes that have not arrived
  localparam logic [2:0] ActOther   = 3'd7;  // start, multiply, divide, local call
endpackage
