#include "bot/gateway/listen.h"

#include <charconv>

namespace huiyin {
namespace {

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

}  // namespace

Result<ListenAddress> parse_listen(std::string_view text, bool behind_proxy) {
  const auto colon = text.rfind(':');
  const std::string_view digits = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  ListenAddress out;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (colon == std::string_view::npos || colon == 0 || error != std::errc{} ||
      end != digits.data() + digits.size() || out.port < 0 || out.port > 65535) {
    return fail(ErrorKind::invalid, "--listen takes HOST:PORT, not " + std::string(text));
  }
  out.host = text.substr(0, colon);
  if (!is_loopback(out.host) && !behind_proxy) {
    return fail(ErrorKind::invalid, "--listen " + std::string(text) +
                                        " is not a loopback address: put a proxy in front "
                                        "(config/nginx) and say so with --behind-proxy");
  }
  return out;
}

}  // namespace huiyin
