#include "lib/kube/retry.h"

namespace faisca::kube {
namespace {

// A second POST may make a second object. The others give the same state twice; a second delete or an update
// with its resourceVersion fails visibly.
bool may_be_sent_twice(Verb verb) { return verb != Verb::kCreate; }

}  // namespace

Again again(Verb verb, const HttpAnswer& answer) {
  switch (answer.status) {
    case 429:  // refused before it was executed
      return answer.retry_after ? Again::kAfter : Again::kBackoff;
    case 500:  // most are for good, unless the server says otherwise
      return answer.retry_after && may_be_sent_twice(verb) ? Again::kAfter : Again::kNo;
    case 502:
    case 503:
    case 504:
      if (!may_be_sent_twice(verb)) return Again::kNo;
      return answer.retry_after ? Again::kAfter : Again::kBackoff;
    default:
      return Again::kNo;
  }
}

Again again(Verb verb, const NoAnswer& none) {
  if (none.error.code != Code::kUnavailable) return Again::kNo;
  return !none.sent || may_be_sent_twice(verb) ? Again::kBackoff : Again::kNo;
}

}  // namespace faisca::kube
