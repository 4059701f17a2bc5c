// What an estate's profile (config/estates) says of the desk: limits by rule number, and whatever
// else sections 5 and 9 of the rules differ in. Read where it is needed, for profiles are few and
// immutable; a member that is not named has the default of part 13 of the rules. Pure; any thread.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bot/gateway/api.h"
#include "bot/speech/speech.h"
#include "bot/talk/directory.h"

namespace huiyin::orders {

// "liyuan 2026-01": id and version of the profile, as clocks keep it.
std::string policy_of(const EstateProfile& profile);

// "rules": {"R5.10": 10}. None: the profile does not name the rule; null in it: no such limit here.
std::optional<Json> limit_in(const EstateProfile& profile, std::string_view rule);
// "remind_before_minutes": {"R5.10": 3}; 0 is never.
std::int64_t remind_before_minutes(const EstateProfile& profile, std::string_view rule,
                                   std::int64_t fallback);
// "clocks": "service_hours": minute limits stand still while the desk is closed.
bool clocks_pause(const EstateProfile& profile);
// "notify_anchor": "received" or "filled"; "" when the profile leaves it to the setting.
std::string notify_anchor(const EstateProfile& profile);
// "arrival_anchor": the action that starts R5.26: "accept" "assign" "notify".
std::string arrival_anchor(const EstateProfile& profile);
// "cutoff_policy": "daily" next_day or next_working_day, "monthly" next_month,
// working_day_before or working_day_after.
std::string cutoff_policy(const EstateProfile& profile, std::string_view which);
// "assign_alert_minutes": after which the supervisor is asked to send somebody (R5.9). No limit.
std::optional<std::int64_t> assign_alert_minutes(const EstateProfile& profile);
// "receiver_signs": whoever accepts a repair signs for it (R9.8).
bool receiver_signs(const EstateProfile& profile);
// "department": {"zh": "工程部", "en": …}; empty when the profile has none.
std::string department(const EstateProfile& profile, Language language);
// "material_verdicts": the words that are offered (R5.16, R9.13); others are taken too.
std::vector<std::string> material_verdicts(const EstateProfile& profile);
// Who sees everybody's penalties; all others see their own only. The same everywhere.
extern const Roles penalty_overseers;
// "price_list": the file of config/catalogue.
std::string price_list_file(const EstateProfile& profile);

}  // namespace huiyin::orders
