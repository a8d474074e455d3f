// What the stages of a packet engine hand on.
package packet_engine_pkg;
  // Decode to execute.
  typedef struct packed {
    logic               valid;
    logic               bad;        // illegal, or outside the program: the run faults
    logic               out_of_program;
    logic               lddw_head;  // nothing to execute: the first slot of an lddw
    logic               predicted;  // a branch that fetch has already followed
    logic               expected;   // first of a compare-and-exchange's two beats: B is R0
    ebpf_pkg::control_t control;
    logic [15:0]        next;       // where the program goes on, and where it jumps to
    logic [15:0]        target;
    logic [15:0]        offset;
    logic [8:0]         helper;     // bit 8: above 255
    logic [5:0]         rd;         // physical registers, see packet_decode
    logic [5:0]         ra;
    logic [5:0]         rb;
    logic [63:0]        a;
    logic [63:0]        b;
  } issue_t;

  // Execute to memory.
  typedef struct packed {
    logic        valid;
    logic        writes_rd;
    logic [5:0]  rd;
    logic        access;
    logic        store;      // and atomics: changes memory
    logic        atomic;
    logic        expected;   // see issue_t
    logic        is_signed;
    logic        helper;     // on behalf of the helper unit: answers there
    logic [1:0]  size;
    logic [3:0]  op;         // map_pkg::Data*
    logic        arrived;    // the bytes were there when the access was made
    logic        high;       // bits above 31 of the address are not zero
    logic [31:0] address;
    logic [63:0] value;      // result, or what a store stores
  } access_t;

  // Memory to write-back.
  typedef struct packed {
    logic        valid;
    logic [5:0]  rd;
    logic [63:0] value;
  } write_t;
endpackage
