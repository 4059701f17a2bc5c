// Random and secret values (libsodium). Thread-safe.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace huiyin {

// Where chance comes from, injected so that a run can be replayed from a seed.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
};
class SecureRandom final : public Random {
 public:
  std::uint64_t next() override;
};

// 32 bytes of the system's randomness as 43 characters of URL-safe Base64.
std::string new_token();
// A one-way hash for stored tokens and codes: hex of keyed BLAKE2b; `key` may be empty.
std::string hash_secret(std::string_view secret, std::string_view key = {});
// Text that only who has `secret` can read, and nobody can change unseen: libsodium's secretbox
// under a key that is the keyed BLAKE2b of the secret, with a fresh nonce, as URL-safe Base64.
// Sealing the same text twice gives two texts. The derivation is fast, so the secret must be hard
// to guess.
std::string seal(std::string_view plain, std::string_view secret);
// None: sealed under another secret, changed, or never sealed.
std::optional<std::string> unseal(std::string_view sealed, std::string_view secret);
// Standard Base64 with its padding, and only in the one form that encoding gives.
std::optional<std::string> from_base64(std::string_view text);
bool equal_constant_time(std::string_view a, std::string_view b);

}  // namespace huiyin
