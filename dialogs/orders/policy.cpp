#include "dialogs/orders/policy.h"

namespace huiyin::orders {
namespace {

// The member, if the profile has it and it is no null.
const Json* member(const Json& values, std::string_view name) {
  if (!values.is_object()) return nullptr;
  const auto it = values.find(name);
  return it == values.end() || it->is_null() ? nullptr : &*it;
}

std::string text(const EstateProfile& profile, std::string_view name, std::string_view fallback) {
  return text_of(profile.values, name, fallback);
}

}  // namespace

const Roles penalty_overseers{"dispatcher",     "engineering_supervisor", "service_supervisor",
                              "centre_manager", "general_manager",        "finance",
                              "admin"};

std::string policy_of(const EstateProfile& profile) {
  const std::string version = text(profile, "version", "");
  return version.empty() ? profile.id : profile.id + " " + version;
}

std::optional<Json> limit_in(const EstateProfile& profile, std::string_view rule) {
  const Json* rules = member(profile.values, "rules");
  if (rules == nullptr || !rules->is_object()) return std::nullopt;
  const auto it = rules->find(rule);
  return it == rules->end() ? std::nullopt : std::optional<Json>(*it);
}

std::int64_t remind_before_minutes(const EstateProfile& profile, std::string_view rule,
                                   std::int64_t fallback) {
  const Json* leads = member(profile.values, "remind_before_minutes");
  return leads == nullptr ? fallback : int_of(*leads, rule, fallback);
}

bool clocks_pause(const EstateProfile& profile) {
  return text(profile, "clocks", "always") == "service_hours";
}

std::string notify_anchor(const EstateProfile& profile) {
  return text(profile, "notify_anchor", "");
}

std::string arrival_anchor(const EstateProfile& profile) {
  return text(profile, "arrival_anchor", "accept");
}

std::string cutoff_policy(const EstateProfile& profile, std::string_view which) {
  const Json* policy = member(profile.values, "cutoff_policy");
  return policy == nullptr ? std::string() : text_of(*policy, which);
}

std::optional<std::int64_t> assign_alert_minutes(const EstateProfile& profile) {
  const Json* minutes = member(profile.values, "assign_alert_minutes");
  if (minutes == nullptr || !minutes->is_number_integer()) return std::nullopt;
  return minutes->get<std::int64_t>();
}

bool receiver_signs(const EstateProfile& profile) {
  return flag_of(profile.values, "receiver_signs");
}

std::string department(const EstateProfile& profile, Language language) {
  const Json* names = member(profile.values, "department");
  return names == nullptr ? std::string() : text_of(*names, language == Language::en ? "en" : "zh");
}

std::vector<std::string> material_verdicts(const EstateProfile& profile) {
  std::vector<std::string> out;
  const Json* verdicts = member(profile.values, "material_verdicts");
  if (verdicts == nullptr || !verdicts->is_array()) return out;
  for (const auto& one : *verdicts) {
    if (one.is_string()) out.push_back(one.get<std::string>());
  }
  return out;
}

std::string price_list_file(const EstateProfile& profile) {
  return text(profile, "price_list", "price_list.json");
}

}  // namespace huiyin::orders
