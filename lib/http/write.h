// Heads written into a string. The caller gives names and values that are valid already: what a parser
// accepted, or literals. Thread: pure.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace faisca::http {

// The reason phrase of RFC 9110 §15 for a status code; "Unknown" without one.
std::string_view reason_phrase(int status);

void append_number(std::string& out, uint64_t number);
void append_status_line(std::string& out, int status);  // with the reason phrase and CRLF
void append_status_line(std::string& out, int status, std::string_view reason);
void append_header(std::string& out, std::string_view name, std::string_view value);
void append_header(std::string& out, std::string_view name, uint64_t value);
void append_date(std::string& out,
                 std::time_t time);  // Date: Sun, 06 Nov 1994 08:49:37 GMT (RFC 9110 §5.6.7)
inline void end_head(std::string& out) { out += "\r\n"; }

}  // namespace faisca::http
