#include "cli/function/template.h"

#include <algorithm>
#include <string_view>

#include "lib/base/files.h"
#include "lib/base/nearest.h"

namespace faisca::cli {
namespace {

std::string with_name(std::string text, const std::string& name) {
  constexpr std::string_view kOld = kTemplateName;
  for (size_t at = text.find(kOld); at != std::string::npos; at = text.find(kOld, at + name.size()))
    text.replace(at, kOld.size(), name);
  return text;
}

}  // namespace

std::vector<std::string> template_names() {
  std::vector<std::string> names;
  for (const TemplateFile* file = kTemplateFiles; file->language; ++file)
    if (names.empty() || names.back() != file->language) names.emplace_back(file->language);
  return names;
}

Status write_template(const std::string& language, const std::string& name,
                      const std::filesystem::path& folder) {
  const std::vector<std::string> names = template_names();
  if (std::find(names.begin(), names.end(), language) == names.end())
    return fail(Code::kNotFound, "there is no template \"" + language + "\"",
                "did you mean \"" + nearest(language, names) + "\"? faisca new --help lists them");
  if (std::filesystem::exists(folder))
    return fail(Code::kAlreadyExists, folder.string() + " is there already",
                "choose another name, or --folder DIR");
  for (const TemplateFile* file = kTemplateFiles; file->language; ++file) {
    if (file->language != language) continue;
    const std::filesystem::path path = folder / file->path;
    FAISCA_CHECK_OK(make_folder(path.parent_path()));
    const bool script = path.extension() == ".sh";
    FAISCA_CHECK_OK(write_file_atomic(path, with_name(file->content, name), script ? 0755 : 0644));
  }
  return {};
}

}  // namespace faisca::cli
