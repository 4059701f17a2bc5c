// Sealed text: opened with its secret only, and only as it was sealed.
#include "store/base/secret.h"

#include <gtest/gtest.h>

namespace huiyin {
namespace {

const std::string plain = R"({"token":"a-token-that-nobody-may-read"})";

TEST(Seal, OpensWithTheSameSecretOnly) {
  const std::string sealed = seal(plain, "secret");
  EXPECT_EQ(unseal(sealed, "secret"), plain);
  EXPECT_EQ(unseal(sealed, "secreT"), std::nullopt);
  EXPECT_EQ(unseal(sealed, "secret "), std::nullopt);
  EXPECT_EQ(unseal(sealed, ""), std::nullopt);
}

TEST(Seal, TakesTextOfAnyLengthAndAnyBytes) {
  const std::string long_secret(10'000, 's');
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string text(size, '\0');
    EXPECT_EQ(unseal(seal(text, long_secret), long_secret), text) << size;
  }
  const std::string large(1'000'000, '\xE6');
  EXPECT_EQ(unseal(seal(large, long_secret), long_secret), large);
  EXPECT_EQ(unseal(seal(large, long_secret), long_secret + "s"), std::nullopt);
}

TEST(Seal, ShowsNothingOfTheTextAndIsNeverTheSameTwice) {
  const std::string sealed = seal(plain, "secret");
  EXPECT_EQ(sealed.find("token"), std::string::npos);
  EXPECT_NE(sealed, seal(plain, "secret"));
  // Nor is the key what anybody has who has the stored hash of the secret.
  EXPECT_EQ(unseal(sealed, hash_secret("secret")), std::nullopt);
}

TEST(Seal, RefusesWhatWasChangedInAnyPlaceOrCut) {
  const std::string sealed = seal(plain, "secret");
  for (std::size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    EXPECT_EQ(unseal(changed, "secret"), std::nullopt) << at;
    EXPECT_EQ(unseal(sealed.substr(0, at), "secret"), std::nullopt) << at;
  }
  EXPECT_EQ(unseal(sealed + "A", "secret"), std::nullopt);
}

TEST(Seal, RefusesWhatWasNeverSealed) {
  EXPECT_EQ(unseal("", "secret"), std::nullopt);
  EXPECT_EQ(unseal(plain, "secret"), std::nullopt);
  EXPECT_EQ(unseal("null", "secret"), std::nullopt);
  EXPECT_EQ(unseal(std::string(200, 'A'), "secret"), std::nullopt);
}

TEST(Tokens, AreFortyThreeUrlSafeCharactersAndNeverTheSame) {
  const std::string token = new_token();
  EXPECT_EQ(token.size(), 43u);
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                    "0123456789-_"),
            std::string::npos);
  EXPECT_NE(token, new_token());
}

}  // namespace
}  // namespace huiyin
