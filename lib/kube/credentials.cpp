#include "lib/kube/credentials.h"

#include <sys/stat.h>

namespace faisca::kube {
namespace {

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

}  // namespace

Result<std::string> Credentials::authorization() {
  std::lock_guard lock(mutex_);
  if (!exec_.command.empty()) return from_plugin();
  if (!token_.data.empty()) return "Bearer " + token_.data;
  if (!token_.file.empty()) return from_file();
  return "";
}

Result<std::string> Credentials::from_file() {
  const std::optional<Stamp> stamp = stamp_of(token_.file);
  if (stamp && stamp_ && *stamp == *stamp_) return known_;
  FAISCA_TRY(text, token_.read());
  const std::string token = trimmed(std::move(text));
  if (token.empty())
    return fail(Code::kUnauthenticated, token_.file.string() + " is empty", "a bearer token belongs there");
  known_ = "Bearer " + token;
  stamp_ = stamp;
  return known_;
}

Result<std::string> Credentials::from_plugin() {
  // A little early, so that it does not expire on its way.
  if (!known_.empty() && (!expires_ || clock_.wall() + std::chrono::seconds(10) < *expires_)) return known_;
  FAISCA_TRY(credential, run_exec_plugin(exec_));
  expires_ = credential.expires;
  known_ = credential.token.empty() ? "" : "Bearer " + credential.token;
  return known_;
}

bool Credentials::refused() {
  std::lock_guard lock(mutex_);
  const bool was_known = !known_.empty();
  known_.clear();
  stamp_.reset();
  return was_known;
}

std::optional<Credentials::Stamp> Credentials::stamp_of(const std::filesystem::path& file) {
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0) return {};
  return Stamp{info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec, info.st_ino,
               static_cast<uint64_t>(info.st_size)};
}

}  // namespace faisca::kube
