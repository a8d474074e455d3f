// The templates of `faisca new`: the files of templates/, compiled into the binary.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace faisca::cli {

// Every template's files carry this name; `write_template` puts the function's own in its place.
inline constexpr char kTemplateName[] = "my-function";

struct TemplateFile {
  const char* language;
  const char* path;  // within the function's folder
  const char* content;
};
// Generated from templates/ at build time; ends with a null language. Sorted by language.
extern const TemplateFile kTemplateFiles[];

std::vector<std::string> template_names();

// kNotFound: no such template; kAlreadyExists: the folder is there.
Status write_template(const std::string& language, const std::string& name,
                      const std::filesystem::path& folder);

}  // namespace faisca::cli
