// What a reader does with fields that it does not know.
#pragma once

namespace faisca::api {

// kIgnore: for an object that the API server has checked, perhaps with a newer schema than this program's.
enum class UnknownFields { kRefuse, kIgnore };

}  // namespace faisca::api
