// The webhook's own certificates: an authority that lasts for years, and a leaf for the server that it signs
// again and again. ECDSA on P-256, made by OpenSSL in this process. What is to be done with the present ones
// is a pure function of them and the time. Thread: any.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace faisca::webhook {

// All in PEM.
struct Certificates {
  std::string authority;  // certificates that clients are to trust: the present one first, then a former one
  std::string authority_key;  // of the first
  std::string leaf;
  std::string leaf_key;

  bool operator==(const Certificates&) const = default;
};

inline constexpr std::chrono::hours kAuthorityLife{24 * 3650};
inline constexpr std::chrono::hours kLeafLife{24 * 90};
inline constexpr std::chrono::hours kBackdated{1};  // for clients whose clocks are behind

// Both anew. `names`: DNS names, and IP addresses in digits; the first is the subject's.
Result<Certificates> make_certificates(const std::vector<std::string>& names, WallTime now);
// A new leaf under the same authority.
Result<Certificates> renew_leaf(const Certificates& present, const std::vector<std::string>& names,
                                WallTime now);

enum class Renewal {
  kNone,
  kLeaf,  // less than a third of its life is left, it is not the authority's, or not for these names
  kAll,   // less than a tenth of the authority's is left, or it cannot be read or used
};
Renewal renewal_of(const Certificates& present, const std::vector<std::string>& names, WallTime now);

// What renewal_of asks for. A new authority keeps the old one beside it until that has ended, for clients
// that have not heard of the new one.
Result<Certificates> renewed(const Certificates& present, const std::vector<std::string>& names,
                             WallTime now);

}  // namespace faisca::webhook
