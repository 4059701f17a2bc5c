#include "bot/talk/clarifier.h"

#include "bot/talk/kept.h"

namespace huiyin {
namespace {

constexpr const char* memory_id = "clarify";
constexpr double unsure = 0.5;   // above it the first reading is acted on, however close the next
constexpr double guessed = 0.4;  // below it the first reading is a guess, however far the next
constexpr double plain_answer = 0.6;
constexpr std::size_t answer_bytes_max = 48;

std::string named(const std::map<std::string, std::string>& texts, Language language) {
  const auto it = texts.find(language == Language::en ? "en" : "zh");
  return it == texts.end() ? std::string() : it->second;
}

}  // namespace

bool Clarifier::is_needed(const Turn& turn) const {
  const auto& ranking = turn.heard.ranking;
  const bool doubtful =
      turn.heard.close ? turn.heard.confidence < unsure : turn.heard.confidence < guessed;
  if (!doubtful || ranking.size() < 2) return false;
  return words_.matters.contains(ranking[0].first) && words_.matters.contains(ranking[1].first);
}

void Clarifier::ask(Turn& turn) const {
  Json question = to_kept(turn.heard);
  question["text"] = turn.message.text;
  question["choices"] = Json::array();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < 2; ++i) {
    const Intent intent = turn.heard.ranking[i].first;
    names.push_back(named(words_.matters.at(intent), turn.language()));
    question["choices"].push_back(to_string(intent));
  }
  turn.memory(memory_id) = std::move(question);
  turn.say("clarify", {{"a", names[0]}, {"b", names[1]}});
  turn.actions.push_back("clarify");
}

std::optional<std::size_t> Clarifier::chosen(const Understanding& heard,
                                             const Json& question) const {
  const std::string said = reading(heard);
  if (said.size() > answer_bytes_max) return std::nullopt;
  std::optional<std::size_t> found = which_of_two(said, words_);
  for (std::size_t i = 0; i < 2; ++i) {
    const auto intent = intent_of(question["choices"][i].get<std::string>());
    const auto matter = intent ? words_.matters.find(*intent) : words_.matters.end();
    if (matter == words_.matters.end()) continue;
    for (const auto& [language, name] : matter->second) {
      if (is_just(said, {lower_ascii(name)})) return i;
    }
    if (!found && heard.intent == *intent && heard.confidence >= plain_answer) found = i;
  }
  return found;
}

std::optional<Clarifier::Settled> Clarifier::settle(const Inbound& message,
                                                    const Understanding& heard,
                                                    Session& session) const {
  const auto asked = session.memory.find(memory_id);
  if (asked == session.memory.end()) return std::nullopt;
  const Json question = std::move(*asked);
  session.memory.erase(memory_id);
  const auto choice = chosen(heard, question);
  if (!choice) return std::nullopt;
  Settled out{message,
              from_kept(question, *intent_of(question["choices"][*choice].get<std::string>()))};
  out.message.text = out.heard.text;
  return out;
}

}  // namespace huiyin
