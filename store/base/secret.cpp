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

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

constexpr int base64 = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string to_base64(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), base64), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes_of(bytes), bytes.size(), base64);
  out.pop_back();  // the NUL that ends a C string
  return out;
}

std::optional<std::string> decoded(std::string_view text, int variant) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  if (sodium_base642bin(bytes_of(out), out.size(), text.data(), text.size(), nullptr, &size,
                        nullptr, variant) != 0) {
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

// The context keeps this key apart from what hash_secret() makes of the same secret.
using SealKey = std::array<unsigned char, crypto_secretbox_KEYBYTES>;
SealKey seal_key(std::string_view secret) {
  constexpr std::string_view context = "huiyin: key of sealed text";
  SealKey key;
  crypto_generichash(key.data(), key.size(), bytes_of(secret), secret.size(), bytes_of(context),
                     context.size());
  return key;
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
  std::string bytes(32, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return to_base64(bytes);
}

std::string hash_secret(std::string_view secret, std::string_view key) {
  ready();
  unsigned char hash[crypto_generichash_BYTES];
  crypto_generichash(hash, sizeof hash, bytes_of(secret), secret.size(),
                     key.empty() ? nullptr : bytes_of(key),
                     std::min<std::size_t>(key.size(), crypto_generichash_KEYBYTES_MAX));
  char out[sizeof hash * 2 + 1];
  sodium_bin2hex(out, sizeof out, hash, sizeof hash);
  return out;
}

std::string seal(std::string_view plain, std::string_view secret) {
  ready();
  std::string nonce(crypto_secretbox_NONCEBYTES, '\0');
  randombytes_buf(nonce.data(), nonce.size());
  std::string box(crypto_secretbox_MACBYTES + plain.size(), '\0');
  crypto_secretbox_easy(bytes_of(box), bytes_of(plain), plain.size(), bytes_of(nonce),
                        seal_key(secret).data());
  return to_base64(nonce + box);
}

std::optional<std::string> unseal(std::string_view sealed, std::string_view secret) {
  ready();
  constexpr std::size_t overhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
  const auto bytes = decoded(sealed, base64);
  if (!bytes || bytes->size() < overhead) return std::nullopt;
  const auto box = std::string_view(*bytes).substr(crypto_secretbox_NONCEBYTES);
  std::string plain(bytes->size() - overhead, '\0');
  if (crypto_secretbox_open_easy(bytes_of(plain), bytes_of(box), box.size(),
                                 bytes_of(std::string_view(*bytes)),
                                 seal_key(secret).data()) != 0) {
    return std::nullopt;
  }
  return plain;
}

std::optional<std::string> from_base64(std::string_view text) {
  ready();
  return decoded(text, sodium_base64_VARIANT_ORIGINAL);
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  ready();
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace huiyin
