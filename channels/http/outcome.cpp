#include "channels/http/outcome.h"

#include <openssl/evp.h>
#include <time.h>

#include <algorithm>
#include <charconv>

namespace huiyin::http {
namespace {

constexpr std::int64_t retry_after_seconds_max = 86'400;

std::string_view value_of(const Headers& headers, std::string_view name) {
  const auto it = headers.find(name);
  return it == headers.end() ? std::string_view{} : std::string_view(it->second);
}

std::optional<std::int64_t> http_date(std::string_view text) {
  tm parts{};
  const std::string copy(text);
  const char* end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return ::timegm(&parts);
}

}  // namespace

std::optional<std::chrono::seconds> retry_after(const Headers& headers) {
  const std::string_view text = value_of(headers, "Retry-After");
  if (text.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size()) {
    const auto until = http_date(text);
    const auto now = http_date(value_of(headers, "Date"));
    if (!until || !now) return std::nullopt;
    seconds = *until - *now;
  }
  return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, retry_after_seconds_max));
}

std::optional<Error> error_of(const ClientResponse& response, std::string_view code) {
  const int status = response.status;
  if (status >= 200 && status < 300) return std::nullopt;
  Error error{ErrorKind::rejected, "HTTP " + std::to_string(status), "", std::nullopt};
  if (!code.empty()) error.message += ", error " + std::string(code);
  const auto wait = retry_after(response.headers);
  if (status == 429 || (status == 503 && wait)) {
    error.kind = ErrorKind::rate_limited;
    error.retry_after = wait;
  } else if (status >= 500) {
    error.kind = ErrorKind::transient;
  } else if (status == 401) {
    error.kind = ErrorKind::unauthorized;
  }
  return error;
}

std::string encode_form(
    std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    out += percent_encode(name);
    out += '=';
    out += percent_encode(value);
  }
  return out;
}

std::string basic_auth(std::string_view user, std::string_view password) {
  const std::string plain = std::string(user) + ":" + std::string(password);
  std::string encoded(4 * ((plain.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(plain.data()),
                                   static_cast<int>(plain.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return "Basic " + encoded;
}

}  // namespace huiyin::http
