#include "lib/base/base64.h"

#include <gtest/gtest.h>

namespace faisca {
namespace {

// The vectors of RFC 4648 §10.
TEST(Base64, FollowsTheVectorsOfTheRfc) {
  const std::pair<std::string, std::string> kRows[] = {{"", ""},
                                                       {"f", "Zg=="},
                                                       {"fo", "Zm8="},
                                                       {"foo", "Zm9v"},
                                                       {"foob", "Zm9vYg=="},
                                                       {"fooba", "Zm9vYmE="},
                                                       {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : kRows) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text).value_or("error"), bytes);
  }
}

TEST(Base64, KeepsEveryByte) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) {
    bytes += static_cast<char>(i * 7);
    EXPECT_EQ(base64_decode(base64_encode(bytes)).value_or("error"), bytes);
  }
}

TEST(Base64, SkipsWhiteSpace) { EXPECT_EQ(base64_decode(" Zm9v\r\nYg\t==\n").value_or("error"), "foob"); }

TEST(Base64, RefusesWhatIsNot) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "=", "Zg==Zg==", "Zm9v!", "Zm=v", "Zh==", "Zm9="})
    EXPECT_FALSE(base64_decode(text)) << text;
}

}  // namespace
}  // namespace faisca
