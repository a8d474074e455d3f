#include "lib/kube/quantity.h"

#include <gtest/gtest.h>

#include <string>

namespace faisca::kube {
namespace {

TEST(Quantity, IsEqualHoweverItIsWritten) {
  const std::pair<const char*, const char*> equal[] = {
      {"0.5", "500m"},     {"1", "1000m"},   {"1Ki", "1024"},      {"1Gi", "1024Mi"}, {"0.5Gi", "512Mi"},
      {"1e3", "1k"},       {"1E3", "1000"},  {"1E", "1000P"},      {".5", "0.500"},   {"5.", "5"},
      {"100u", "100000n"}, {"-1", "-1000m"}, {"0", "0Ki"},         {"+2", "2"},       {"0.1n", "1n"},
      {"12e-3", "12m"},    {"0000001", "1"}, {"9Ei", "9437184Ti"},
  };
  for (const auto& [a, b] : equal) {
    ASSERT_TRUE(quantity_value(a)) << a;
    ASSERT_TRUE(quantity_value(b)) << b;
    EXPECT_TRUE(*quantity_value(a) == *quantity_value(b)) << a << " and " << b;
  }
}

TEST(Quantity, DiffersByValue) {
  for (const auto& [a, b] : {std::pair("1", "1m"), {"1M", "1Mi"}, {"64Mi", "65Mi"}, {"1", "-1"}})
    EXPECT_FALSE(*quantity_value(a) == *quantity_value(b)) << a << " and " << b;
}

TEST(Quantity, RefusesWhatIsNone) {
  for (const char* text :
       {"", "m", "1 Gi", "1gi", "1.2.3", "1e", "1e999", "--1", "0x10", "1KiB", "Infinity", "."})
    EXPECT_FALSE(quantity_value(text)) << text;
  EXPECT_FALSE(quantity_value(std::string(41, '1')));
  EXPECT_FALSE(quantity_value("99999999999999999999999999999999Ei"));
}

}  // namespace
}  // namespace faisca::kube
