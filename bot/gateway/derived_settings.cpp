#include "bot/gateway/derived_settings.h"

namespace huiyin {

TalkRules talk_rules(const Settings& s) {
  const auto number = [&](const char* path) { return static_cast<int>(s.integer(path)); };
  return {.expire_hours = number("conversation.expire_hours"),
          .handover_silence_minutes = number("conversation.handover_silence_minutes"),
          .misunderstood_max = number("conversation.misunderstood_max"),
          .amend_minutes = number("conversation.amend_minutes"),
          .code_minutes = number("identity.code_minutes"),
          .code_tries = number("identity.code_tries"),
          .codes_per_minute = number("identity.codes_per_minute"),
          .codes_per_hour = number("identity.codes_per_hour"),
          .verified_minutes = number("identity.verified_minutes"),
          .notify_anchor = s.text("rules.notify_anchor")};
}

std::string public_url(const Settings& settings) {
  if (auto own = settings.text("public_url"); !own.empty()) return own;
  // Kannel's address is inside the house; Twilio's is the one that the world sees.
  return settings.channel_enabled("twilio") ? settings.text("channels.twilio.public_url") : "";
}

std::string sms_channel(const Settings& settings) {
  std::string first;
  for (const auto& entry : settings.at("sms.providers")) {
    auto name = entry.get<std::string>();
    if (!settings.channel_enabled(name)) continue;
    if (!settings.sandbox() || !settings.text("channels." + name + ".api_base").empty())
      return name;
    if (first.empty()) first = name;
  }
  return first.empty() ? "twilio" : first;
}

}  // namespace huiyin
