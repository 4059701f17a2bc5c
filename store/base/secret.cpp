#include "store/base/secret.h"

#include <sodium.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace huiyin {
namespace {

void ready() {
  static const int state = sodium_init();
  if (state < 0) throw std::runtime_error("the system's randomness is not available");
}

}  // namespace

std::uint64_t SecureRandom::next() {
  ready();
  // Drawn by the block: each draw is a call of the system.
  thread_local std::array<std::uint64_t, 64> drawn;
  thread_local std::size_t used = drawn.size();
  if (used == drawn.size()) {
    randombytes_buf(drawn.data(), sizeof drawn);
    used = 0;
  }
  return std::exchange(drawn[used++], 0);
}

std::string new_token() {
  ready();
  unsigned char bytes[32];
  randombytes_buf(bytes, sizeof bytes);
  char out[sodium_base64_ENCODED_LEN(sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING)];
  sodium_bin2base64(out, sizeof out, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return out;
}

std::string hash_secret(std::string_view secret, std::string_view key) {
  ready();
  unsigned char hash[crypto_generichash_BYTES];
  const auto* key_bytes = reinterpret_cast<const unsigned char*>(key.data());
  crypto_generichash(hash, sizeof hash, reinterpret_cast<const unsigned char*>(secret.data()),
                     secret.size(), key.empty() ? nullptr : key_bytes,
                     std::min<std::size_t>(key.size(), crypto_generichash_KEYBYTES_MAX));
  char out[sizeof hash * 2 + 1];
  sodium_bin2hex(out, sizeof out, hash, sizeof hash);
  return out;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  ready();
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace huiyin
