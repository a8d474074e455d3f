#include "deviceplugin/kubelet/slots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faisca::deviceplugin {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Slots, AreAllPairsOfEngineAndSlot) {
  EXPECT_THAT(
      slots_of(2, 2, Health::kUnhealthy),
      ElementsAre(Slot{"engine-0-slot-0", Health::kUnhealthy}, Slot{"engine-0-slot-1", Health::kUnhealthy},
                  Slot{"engine-1-slot-0", Health::kUnhealthy}, Slot{"engine-1-slot-1", Health::kUnhealthy}));
  EXPECT_THAT(slots_of(0, 8, Health::kHealthy), IsEmpty());
}

TEST(Preferred, SpreadsOverEngines) {
  EXPECT_THAT(preferred({"engine-0-slot-0", "engine-0-slot-1", "engine-1-slot-0", "engine-1-slot-1"}, {}, 2),
              ElementsAre("engine-0-slot-0", "engine-1-slot-0"));
}

TEST(Preferred, TakesTheEngineWithTheMostFreeSlots) {
  EXPECT_THAT(preferred({"engine-0-slot-7", "engine-1-slot-3", "engine-1-slot-4"}, {}, 1),
              ElementsAre("engine-1-slot-3"));
}

TEST(Preferred, KeepsWhatMustBeThereAndNeverTakesASlotTwice) {
  EXPECT_THAT(preferred({"engine-0-slot-0", "engine-0-slot-1"}, {"engine-0-slot-1"}, 2),
              ElementsAre("engine-0-slot-1", "engine-0-slot-0"));
  EXPECT_THAT(preferred({"engine-0-slot-0"}, {"engine-0-slot-0"}, 3), ElementsAre("engine-0-slot-0"));
}

}  // namespace
}  // namespace faisca::deviceplugin
