#include "bot/talk/kept.h"

#include "bot/talk/substance.h"
#include "store/base/text.h"

namespace huiyin {
namespace {

Json kept(const Entity& entity) {
  return {{"kind", entity.kind},        {"value", entity.value}, {"start", entity.start},
          {"end", entity.end},          {"text", entity.text},   {"extractor", entity.extractor},
          {"open_day", entity.open_day}};
}

Entity entity_of(const Json& kept) {
  Entity entity;
  entity.kind = text_of(kept, "kind");
  if (const auto value = kept.find("value"); value != kept.end()) entity.value = *value;
  entity.start = static_cast<int>(int_of(kept, "start"));
  entity.end = static_cast<int>(int_of(kept, "end"));
  entity.text = text_of(kept, "text");
  entity.extractor = text_of(kept, "extractor");
  entity.open_day = flag_of(kept, "open_day");
  return entity;
}

}  // namespace

Json to_kept(const Understanding& heard) {
  Json out = {{"text", heard.text},
              {"plain", heard.plain},
              {"language", to_string(heard.language)},
              {"entities", Json::array()}};
  for (const Entity& entity : heard.entities) out["entities"].push_back(kept(entity));
  return out;
}

Understanding from_kept(const Json& kept, Intent intent) {
  Understanding heard;
  heard.text = text_of(kept, "text");
  heard.plain = text_of(kept, "plain");
  heard.language = language_of(text_of(kept, "language"));
  heard.intent = intent;
  heard.confidence = 1;
  for (const Json& entity : kept.value("entities", Json::array())) {
    heard.entities.push_back(entity_of(entity));
  }
  return heard;
}

Understanding part_of(const Understanding& heard, const ToldMatter& matter) {
  const auto offsets = byte_offsets(heard.text);
  const auto last = static_cast<int>(offsets.size()) - 1;
  const int start = std::clamp(matter.start, 0, last), end = std::clamp(matter.end, start, last);
  const auto byte = [&](int at) { return offsets[static_cast<std::size_t>(at)]; };
  Understanding part;
  const std::string_view words =
      std::string_view(heard.text).substr(byte(start), byte(end) - byte(start));
  const auto blank = words.find_first_not_of(" \t\r\n");
  const int blanks = blank == std::string_view::npos ? 0 : static_cast<int>(blank);
  std::string_view said = trim(words);
  for (const std::string_view mark : {"；", "，", "。", ";", ","}) {
    if (said.ends_with(mark)) said.remove_suffix(mark.size());
  }
  part.text = said;
  part.language = heard.language;
  part.intent = matter.intent;
  part.confidence = 1;
  for (Entity entity : heard.entities) {
    if (entity.start < start || entity.end > end) continue;
    entity.start -= start + blanks;
    entity.end -= start + blanks;
    part.entities.push_back(std::move(entity));
  }
  return part;
}

}  // namespace huiyin
