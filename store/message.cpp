#include "store/message.h"

#include <array>
#include <utility>

namespace huiyin {
namespace {

constexpr std::array<std::pair<SendState, std::string_view>, 11> names{{
    {SendState::scheduled, "scheduled"},
    {SendState::queued, "queued"},
    {SendState::sending, "sending"},
    {SendState::sent, "sent"},
    {SendState::delivered, "delivered"},
    {SendState::read, "read"},
    {SendState::failed, "failed"},
    {SendState::expired, "expired"},
    {SendState::cancelled, "cancelled"},
    {SendState::suppressed, "suppressed"},
    {SendState::unknown, "unknown"},
}};

}  // namespace

std::string_view to_string(SendState state) {
  for (const auto& [value, name] : names) {
    if (value == state) return name;
  }
  return "unknown";
}

std::optional<SendState> send_state(std::string_view name) {
  for (const auto& [value, known] : names) {
    if (known == name) return value;
  }
  return std::nullopt;
}

bool is_final(SendState state) {
  switch (state) {
    case SendState::scheduled:
    case SendState::queued:
    case SendState::sending:
    case SendState::unknown:
      return false;
    default:
      return true;
  }
}

}  // namespace huiyin
