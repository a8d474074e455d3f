#include "gateway/answer/answer.h"

#include "lib/base/log.h"

namespace faisca::gateway {

Answer error_answer(int status, std::string_view hop, std::string_view message, std::string_view hint) {
  Answer answer;
  answer.status = status;
  answer.body = "{\"status\":" + std::to_string(status) + ",\"hop\":" + json_quote(hop) +
                ",\"error\":" + json_quote(message);
  if (!hint.empty()) answer.body += ",\"hint\":" + json_quote(hint);
  answer.body += "}\n";
  return answer;
}

Answer error_answer(const Error& error, std::string_view hop) {
  Error bare = error;
  bare.hint.clear();
  return error_answer(http_status(error.code), hop, bare.text(), error.hint);
}

}  // namespace faisca::gateway
