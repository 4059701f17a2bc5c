#include "bot/understand/understanding.h"

#include <array>

namespace huiyin {
namespace {

constexpr std::array<std::string_view, intent_count> intent_names = {"greet",
                                                                     "goodbye",
                                                                     "thank",
                                                                     "affirm",
                                                                     "deny",
                                                                     "report_repair",
                                                                     "report_public_fault",
                                                                     "report_emergency",
                                                                     "file_complaint",
                                                                     "make_suggestion",
                                                                     "give_praise",
                                                                     "ask_fee",
                                                                     "dispute_fee",
                                                                     "request_deferral",
                                                                     "report_payment",
                                                                     "ask_status",
                                                                     "urge",
                                                                     "cancel",
                                                                     "reschedule",
                                                                     "rate",
                                                                     "ask_human",
                                                                     "update_contact",
                                                                     "request_form",
                                                                     "ask_info",
                                                                     "help",
                                                                     "opt_out",
                                                                     "opt_in",
                                                                     "inform",
                                                                     "out_of_scope"};

}  // namespace

std::string_view to_string(Language language) {
  switch (language) {
    case Language::zh_hans:
      return "zh-Hans";
    case Language::zh_hant:
      return "zh-Hant";
    case Language::en:
      return "en";
  }
  return "zh-Hans";
}

Language language_of(std::string_view tag) {
  if (tag == "zh-Hant") return Language::zh_hant;
  if (tag == "en") return Language::en;
  return Language::zh_hans;
}

std::string_view to_string(Intent intent) {
  return intent_names[static_cast<std::size_t>(intent)];
}

std::optional<Intent> intent_of(std::string_view name) {
  for (std::size_t i = 0; i < intent_names.size(); ++i) {
    if (intent_names[i] == name) return static_cast<Intent>(i);
  }
  return std::nullopt;
}

const Entity* Understanding::first(std::string_view kind) const {
  for (const Entity& entity : entities) {
    if (entity.kind == kind) return &entity;
  }
  return nullptr;
}

Json to_json(const TimeRange& range, const Zone& zone) {
  Json value = Json::object();
  value["from"] = zone.rfc3339(range.from);
  value["to"] = range.to ? Json(zone.rfc3339(*range.to)) : Json(nullptr);
  value["grain"] = range.grain;
  return value;
}

std::optional<TimeRange> time_range(const Json& value) {
  if (!value.is_object()) return std::nullopt;
  Result<Instant> from = parse_rfc3339(text_of(value, "from"));
  if (!from) return std::nullopt;
  TimeRange range{*from, std::nullopt, text_of(value, "grain")};
  if (auto to = value.find("to"); to != value.end() && !to->is_null()) {
    if (!to->is_string()) return std::nullopt;
    Result<Instant> end = parse_rfc3339(to->get_ref<const std::string&>());
    if (!end) return std::nullopt;
    range.to = *end;
  }
  return range;
}

Json to_rasa(const Understanding& understanding) {
  auto named = [](Intent intent, double confidence) {
    return Json{{"name", to_string(intent)}, {"confidence", confidence}};
  };
  Json ranking = Json::array();
  for (const auto& [intent, confidence] : understanding.ranking) {
    ranking.push_back(named(intent, confidence));
  }
  Json entities = Json::array();
  for (const Entity& entity : understanding.entities) {
    entities.push_back({{"entity", entity.kind},
                        {"value", entity.value},
                        {"start", entity.start},
                        {"end", entity.end},
                        {"text", entity.text},
                        {"extractor", entity.extractor}});
  }
  return {{"text", understanding.text},
          {"language", to_string(understanding.language)},
          {"intent", named(understanding.intent, understanding.confidence)},
          {"intent_ranking", std::move(ranking)},
          {"entities", std::move(entities)}};
}

}  // namespace huiyin
