// What the tests of understanding share: the shipped word lists, the model that
// the build made, and Monday 2026-11-23 10:00 in Shanghai as the moment.
#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "bot/understand/shipped_model.h"
#include "bot/understand/understanding.h"

namespace huiyin::test {

inline std::string config_dir() {
  return std::string(HUIYIN_SOURCE_DIR) + "/config";
}

// The model that the build made, beside the binary.
inline std::string model_file() {
  return (std::filesystem::path(HUIYIN_BINARY).parent_path() / "intent.model").string();
}

inline const Understander& understander() {
  static const std::unique_ptr<Understander> shared = [] {
    auto loaded = load_understander(config_dir(), model_file());
    if (!loaded) {
      ADD_FAILURE() << loaded.error().message;
      std::abort();
    }
    return std::move(*loaded);
  }();
  return *shared;
}

inline constexpr const char* monday_ten = "2026-11-23T10:00:00+08:00";

inline Understanding parse(std::string_view text, const char* now = monday_ten) {
  static const Zone zone = Zone::shanghai();
  return understander().parse(text, {*parse_rfc3339(now), &zone});
}

// The value of the first entity of a kind as JSON text without quotes; "-" when there is none.
inline std::string value_of(const Understanding& read, std::string_view kind) {
  const Entity* entity = read.first(kind);
  if (entity == nullptr) return "-";
  return entity->value.is_string() ? entity->value.get<std::string>() : entity->value.dump();
}

// The same of every entity of the kind, "|" between.
inline std::string values_of(const Understanding& read, std::string_view kind) {
  std::string values;
  for (const Entity& entity : read.entities) {
    if (entity.kind != kind) continue;
    if (!values.empty()) values += '|';
    if (kind == "time")
      values += entity.text;
    else
      values += entity.value.is_string() ? entity.value.get<std::string>() : entity.value.dump();
  }
  return values.empty() ? "-" : values;
}

// "from to grain" of the first time, without the date's year and zone: "11-24T10:30 - minute".
inline std::string time_of(std::string_view text, const char* now = monday_ten) {
  const Understanding read = parse(text, now);
  const Entity* entity = read.first("time");
  if (entity == nullptr) return "-";
  auto brief = [](const Json& value) {
    return value.is_null() ? std::string("-") : value.get<std::string>().substr(5, 11);
  };
  return brief(entity->value["from"]) + " " + brief(entity->value["to"]) + " " +
         entity->value["grain"].get<std::string>();
}

struct EntityRow {
  const char* said;
  const char* values;  // of all entities of the kind, "|" between, "-" for none
};

inline void expect_entities(const char* kind, std::initializer_list<EntityRow> rows) {
  for (const EntityRow& row : rows) {
    EXPECT_EQ(values_of(parse(row.said), kind), row.values) << row.said;
  }
}

}  // namespace huiyin::test
