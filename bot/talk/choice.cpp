#include "bot/talk/choice.h"

namespace huiyin {
namespace {

// The longest of its words that was said and not denied, in bytes; 0: none.
std::size_t longest_said(std::string_view said, const Choice& choice, const TalkWords& words) {
  std::size_t longest = 0;
  const auto look = [&](std::string_view word) {
    if (word.size() > longest && words.affirms(said, word)) longest = word.size();
  };
  look(lower_ascii(choice.zh));
  look(lower_ascii(choice.hant));
  look(lower_ascii(choice.en));
  for (const auto& word : choice.also) look(word);
  return longest;
}

}  // namespace

const Choice* choice_in(std::string_view said, const std::vector<Choice>& choices,
                        const TalkWords& words, std::size_t* bytes) {
  const Choice* best = nullptr;
  std::size_t longest = 0;
  bool several = false;
  for (const auto& choice : choices) {
    const std::size_t size = longest_said(said, choice, words);
    if (size == 0 || size < longest) continue;
    several = size == longest;
    longest = size;
    best = &choice;
  }
  if (bytes != nullptr) *bytes = longest;
  return several ? nullptr : best;
}

}  // namespace huiyin
