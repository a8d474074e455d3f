// The smallest program: answers 4.
__attribute__((section("mem"))) unsigned long four(void) { return 4; }
