#include "cli/context.h"

namespace faisca::cli {

std::string Context::variable(const std::string& name) const {
  for (const std::string& entry : environment)
    if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=')
      return entry.substr(name.size() + 1);
  return "";
}

}  // namespace faisca::cli
