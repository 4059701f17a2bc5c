// One text of a phrase in one language: an ICU MessageFormat pattern, parsed once. Literal text and
// plain {arguments} are joined without ICU (under a microsecond); plural, select and number formats
// go through ICU. Immutable; render() is safe from any number of threads.
#pragma once
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "bot/speech/speech.h"

namespace huiyin {

class Pattern {
 public:
  // The error says what is wrong with the pattern and where.
  static tl::expected<Pattern, std::string> compile(std::string_view utf8, Language language);

  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  // Names of the arguments it uses, in all its branches.
  const std::set<std::string>& arguments() const { return arguments_; }
  // Bytes of its text without the arguments.
  std::size_t literal_bytes() const { return literal_bytes_; }
  // Appends the text. False when an argument is missing or of a type that the pattern cannot take;
  // `out` is then as it was.
  bool render(const Args& args, std::string& out) const;

 private:
  struct Segment {
    bool is_argument;
    std::string text;  // literal text, or the argument's name
  };
  struct Complex;  // the ICU formatter and its lock

  Pattern();

  std::set<std::string> arguments_;
  std::set<std::string> counted_;  // of them, those that a plural or a number format takes
  std::vector<Segment> segments_;
  std::size_t literal_bytes_ = 0;
  std::unique_ptr<Complex> complex_;  // null on the fast path
};

}  // namespace huiyin
