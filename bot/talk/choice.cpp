#include "bot/talk/choice.h"

#include "bot/talk/words.h"

namespace huiyin {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// The word stands in the text, on its own where letters have words ("rent" not in "current"), and
// at one place at least without a negation before it.
bool is_said(std::string_view text, std::string_view word,
             const std::vector<std::string>& negation) {
  if (word.empty()) return false;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if (at > 0 && is_letter(text[at - 1]) && is_letter(word.front())) continue;
    if (end < text.size() && is_letter(text[end]) && is_letter(word.back())) continue;
    const auto before = text.substr(0, at);
    const bool negated = std::any_of(negation.begin(), negation.end(),
                                     [&](const std::string& no) { return before.ends_with(no); });
    if (!negated) return true;
  }
  return false;
}

// The longest of its words that was said, in bytes; 0: none.
std::size_t longest_said(std::string_view said, const Choice& choice,
                         const std::vector<std::string>& negation) {
  std::size_t longest = 0;
  const auto look = [&](std::string_view word) {
    if (word.size() > longest && is_said(said, word, negation)) longest = word.size();
  };
  look(lower_ascii(choice.zh));
  look(lower_ascii(choice.hant));
  look(lower_ascii(choice.en));
  for (const auto& word : choice.also) look(word);
  return longest;
}

}  // namespace

const Choice* choice_in(std::string_view said, const std::vector<Choice>& choices,
                        const std::vector<std::string>& negation) {
  const Choice* best = nullptr;
  std::size_t longest = 0;
  bool several = false;
  for (const auto& choice : choices) {
    const std::size_t size = longest_said(said, choice, negation);
    if (size == 0 || size < longest) continue;
    several = size == longest;
    longest = size;
    best = &choice;
  }
  return several ? nullptr : best;
}

}  // namespace huiyin
