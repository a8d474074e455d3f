// `faisca invoke NAME`
#include <CLI/CLI.hpp>
#include <istream>
#include <iterator>
#include <optional>
#include <ostream>

#include "cli/command.h"
#include "cli/gateway_client.h"
#include "cli/progress.h"
#include "lib/base/duration.h"
#include "lib/base/files.h"

namespace faisca::cli {
namespace {

struct InvokeOptions {
  std::string name;
  std::string data;
  CLI::Option* data_given = nullptr;
  std::string method = "POST";
  std::string path;
  std::string content_type = "text/plain";
  std::vector<std::string> headers;
  std::string timeout = "60s";
  bool verbose = false;
};

constexpr uint64_t kMaxBody = 1u << 30;

Result<std::string> request_body(const InvokeOptions& options, Context& context) {
  if (options.data_given->count() > 0) {
    if (!options.data.starts_with("@")) return options.data;
    return read_file(options.data.substr(1), kMaxBody);
  }
  if (context.in_terminal) return std::string();
  return std::string(std::istreambuf_iterator<char>(*context.in), {});
}

Result<HttpRequest> make_request(const InvokeOptions& options, Context& context) {
  HttpRequest request{
      .method = options.method, .base = context.gateway, .content_type = options.content_type};
  request.path = "/function/" + url_escape(options.name);
  if (!options.path.empty())
    request.path += (options.path[0] == '/' || options.path[0] == '?' ? "" : "/") + options.path;
  for (const std::string& header : options.headers) {
    const size_t colon = header.find(':');
    if (colon == std::string::npos || colon == 0)
      return fail(Code::kInvalidArgument, "\"" + header + "\" is not a header",
                  "write it like 'Name: value'");
    const size_t value = header.find_first_not_of(' ', colon + 1);
    request.headers[header.substr(0, colon)] = value == std::string::npos ? "" : header.substr(value);
  }
  FAISCA_TRY(timeout, parse_duration(options.timeout).map_error(while_doing("reading --timeout")));
  request.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(timeout);
  FAISCA_TRY(body, request_body(options, context));
  request.body = std::move(body);
  return request;
}

Result<int> invoke(const InvokeOptions& options, Context& context) {
  FAISCA_TRY(request, make_request(options, context));
  std::optional<Progress> progress(std::in_place, context, "waiting for " + options.name);
  const auto response = send(request, [&](const HttpResponse& head) -> BodySink {
    progress.reset();
    if (options.verbose) {
      *context.err << "status: " << head.status << "\n";
      for (const auto& [name, value] : head.headers) *context.err << name << ": " << value << "\n";
    }
    if (head.status / 100 != 2) return nullptr;
    return [&](std::string_view piece) {
      context.out->write(piece.data(), static_cast<std::streamsize>(piece.size()));
      context.out->flush();
      return context.out->good();
    };
  });
  progress.reset();
  if (!response) return fail(response.error());
  if (response->status / 100 == 2) return 0;
  Error error = gateway_error(*response, "invoking " + options.name);
  error.context.push_back("status " + std::to_string(response->status));
  if (error.hint.empty() && response->status >= 500)
    error.hint = "its log may tell: faisca logs " + options.name;
  return fail(std::move(error));
}

}  // namespace

void add_invoke(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand("invoke", "Call a function and print its answer");
  auto options = std::make_shared<InvokeOptions>();
  command->add_option("name", options->name, "Name of the function")->required()->type_name("NAME");
  options->data_given = command
                            ->add_option("--data,-d", options->data,
                                         "Body of the request; @FILE reads a file; without it: stdin")
                            ->type_name("DATA");
  command->add_option("--method,-X", options->method, "HTTP method")
      ->capture_default_str()
      ->type_name("METHOD");
  command->add_option("--path,-p", options->path, "Path and query after the function's name")
      ->type_name("PATH");
  command->add_option("--header,-H", options->headers, "Header 'Name: value'; may be repeated")
      ->type_name("HEADER")
      ->allow_extra_args(false);
  command->add_option("--content-type,-t", options->content_type, "Type of the body")
      ->capture_default_str()
      ->type_name("TYPE");
  command->add_option("--timeout", options->timeout, "How long to wait for the answer")
      ->capture_default_str()
      ->type_name("DURATION");
  command->add_flag("--verbose,-v", options->verbose, "Show status and headers on stderr");
  runs[command] = [options](Context& context) { return invoke(*options, context); };
}

}  // namespace faisca::cli
