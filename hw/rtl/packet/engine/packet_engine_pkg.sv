// What the stages of a packet engine hand on, besides 64-bit values, which travel as signals of
// their own: a packed struct of up to 64 bits is one word for the simulator.
package packet_engine_pkg;
  // Decode to execute.
  typedef struct packed {
    logic        bad;             // illegal, or outside the program: the run faults
    logic        out_of_program;
    logic        predicted;       // a branch that fetch has already followed
    logic        expected;        // first of a compare-and-exchange's two beats: B is R0
    logic [23:0] control;         // ebpf_pkg::control_t
    logic [8:0]  helper;          // bit 8: above 255
    logic [5:0]  rd;              // physical registers, see packet_decode
    logic [5:0]  ra;
    logic [5:0]  rb;
  } issue_t;

  // Execute to memory.
  typedef struct packed {
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
    logic        high;       // bits above 31 of the address are not zero
    logic [31:0] address;
  } access_t;
endpackage
