#include "lib/digest/sha256.h"

#include <gtest/gtest.h>

#include "lib/base/files.h"

namespace faisca {
namespace {

// The first two are FIPS 180-4's own examples.
TEST(Sha256, GivesTheStandardsExamples) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, IsTheSameInPiecesAndFromAFile) {
  const std::string text(200000, 'x');
  EXPECT_EQ(Sha256().update(text.substr(0, 7)).update(text.substr(7)).hex(), sha256_hex(text));
  const std::string path = testing::TempDir() + "faisca-sha256-test";
  ASSERT_TRUE(write_file_atomic(path, text));
  EXPECT_EQ(sha256_of_file(path), sha256_hex(text));
  EXPECT_EQ(sha256_of_file(path + ".none").error().code, Code::kNotFound);
}

}  // namespace
}  // namespace faisca
