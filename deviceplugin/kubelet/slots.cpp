#include "deviceplugin/kubelet/slots.h"

#include <algorithm>
#include <map>

namespace faisca::deviceplugin {
namespace {

std::string engine_of(const std::string& id) { return id.substr(0, id.rfind("-slot-")); }

}  // namespace

std::vector<Slot> slots_of(std::uint32_t engines, std::uint32_t slots_per_engine, Health health) {
  std::vector<Slot> slots;
  slots.reserve(std::size_t{engines} * slots_per_engine);
  for (std::uint32_t engine = 0; engine < engines; ++engine)
    for (std::uint32_t slot = 0; slot < slots_per_engine; ++slot)
      slots.push_back({"engine-" + std::to_string(engine) + "-slot-" + std::to_string(slot), health});
  return slots;
}

std::vector<std::string> preferred(const std::vector<std::string>& available,
                                   const std::vector<std::string>& must, std::size_t wanted) {
  std::vector<std::string> chosen(must.begin(), must.begin() + std::min(must.size(), wanted));
  std::map<std::string, std::vector<std::string>> free;  // by engine
  for (const std::string& id : available)
    if (std::find(chosen.begin(), chosen.end(), id) == chosen.end()) free[engine_of(id)].push_back(id);
  for (auto& [engine, ids] : free) std::sort(ids.rbegin(), ids.rend());
  while (chosen.size() < wanted) {
    const auto most = std::max_element(free.begin(), free.end(), [](const auto& a, const auto& b) {
      return a.second.size() < b.second.size();
    });
    if (most == free.end() || most->second.empty()) break;
    chosen.push_back(most->second.back());
    most->second.pop_back();
  }
  return chosen;
}

}  // namespace faisca::deviceplugin
