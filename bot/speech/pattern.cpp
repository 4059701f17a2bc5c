#include "bot/speech/pattern.h"

#include <unicode/messagepattern.h>
#include <unicode/msgfmt.h>

#include <charconv>
#include <mutex>

namespace huiyin {
namespace {

std::string utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

icu::Locale locale_of(Language language) {
  switch (language) {
    case Language::zh_hans:
      return icu::Locale("zh_Hans");
    case Language::zh_hant:
      return icu::Locale("zh_Hant");
    case Language::en:
      return icu::Locale("en");
  }
  return icu::Locale("zh_Hans");
}

void append_argument(const Arg& value, std::string& out) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    out += *text;
  } else {
    out += std::to_string(std::get<std::int64_t>(value));
  }
}

// A number that came as its digits still counts as one for a plural; a text that a `select` asks
// for stays one ("12" may be a note).
icu::Formattable formattable(const Arg& value, bool counted) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return {*number};
  const auto& text = std::get<std::string>(value);
  if (!counted) return {icu::UnicodeString::fromUTF8(text)};
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && at == end && std::to_string(number) == text) return {number};
  return {icu::UnicodeString::fromUTF8(text)};
}

}  // namespace

struct Pattern::Complex {
  explicit Complex(std::unique_ptr<icu::MessageFormat> formatter) : format(std::move(formatter)) {}
  // ICU makes plural rules and number formats at first use, inside const functions: one at a time.
  std::mutex mutex;
  std::unique_ptr<icu::MessageFormat> format;
};

Pattern::Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

tl::expected<Pattern, std::string> Pattern::compile(std::string_view text, Language language) {
  const auto source = icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  UErrorCode status = U_ZERO_ERROR;
  UParseError where{};
  const icu::MessagePattern parsed(source, &where, status);
  if (U_FAILURE(status)) {
    return tl::unexpected("not a MessageFormat pattern at character " +
                          std::to_string(where.offset) + ": " + u_errorName(status));
  }
  Pattern out;
  bool plain = true, counts = false;
  std::int32_t done = 0;  // what was read of `source`
  std::string literal;
  const auto end_literal = [&] {
    out.literal_bytes_ += literal.size();
    if (!literal.empty()) out.segments_.push_back({false, std::move(literal)});
    literal.clear();
  };
  for (std::int32_t i = 0; i < parsed.countParts(); ++i) {
    const icu::MessagePattern::Part& part = parsed.getPart(i);
    const bool inside = part.getType() == UMSGPAT_PART_TYPE_ARG_NAME ||
                        part.getType() == UMSGPAT_PART_TYPE_ARG_LIMIT;
    if (!inside) {  // white space beside a name is syntax
      literal += utf8(source.tempSubStringBetween(done, part.getIndex()));
    }
    done = part.getLimit();
    switch (part.getType()) {
      case UMSGPAT_PART_TYPE_MSG_START:
      case UMSGPAT_PART_TYPE_MSG_LIMIT:
      case UMSGPAT_PART_TYPE_SKIP_SYNTAX:
      case UMSGPAT_PART_TYPE_ARG_LIMIT:
        break;
      case UMSGPAT_PART_TYPE_ARG_START:
        plain = plain && part.getArgType() == UMSGPAT_ARG_TYPE_NONE;
        counts = part.getArgType() != UMSGPAT_ARG_TYPE_NONE &&
                 part.getArgType() != UMSGPAT_ARG_TYPE_SELECT;
        end_literal();
        break;
      case UMSGPAT_PART_TYPE_ARG_NAME:
        out.segments_.push_back({true, utf8(parsed.getSubstring(part))});
        out.arguments_.insert(out.segments_.back().text);
        if (counts) out.counted_.insert(out.segments_.back().text);
        break;
      case UMSGPAT_PART_TYPE_ARG_NUMBER:
        return tl::unexpected("argument {" + utf8(parsed.getSubstring(part)) +
                              "} has a number for a name");
      default:
        plain = false;  // a type, a style, a selector, '#', a quote left open
    }
  }
  end_literal();
  if (plain) return out;

  // The formatter is made even where it will fail later (an unknown type): the load must tell.
  auto formatter = std::make_unique<icu::MessageFormat>(source, locale_of(language), where, status);
  if (U_FAILURE(status)) {
    return tl::unexpected(std::string("ICU cannot format it: ") + u_errorName(status));
  }
  out.segments_.clear();
  out.complex_ = std::make_unique<Complex>(std::move(formatter));
  return out;
}

bool Pattern::render(const Args& args, std::string& out) const {
  if (complex_ == nullptr) {
    const std::size_t before = out.size();
    for (const Segment& segment : segments_) {
      if (!segment.is_argument) {
        out += segment.text;
        continue;
      }
      const auto value = args.find(segment.text);
      if (value == args.end()) {
        out.resize(before);
        return false;
      }
      append_argument(value->second, out);
    }
    return true;
  }
  std::vector<icu::UnicodeString> names;
  std::vector<icu::Formattable> values;
  for (const std::string& name : arguments_) {
    const auto value = args.find(name);
    if (value == args.end()) return false;
    names.push_back(icu::UnicodeString::fromUTF8(name));
    values.push_back(formattable(value->second, counted_.contains(name)));
  }
  icu::UnicodeString text;
  UErrorCode status = U_ZERO_ERROR;
  {
    const std::lock_guard lock(complex_->mutex);
    complex_->format->format(names.data(), values.data(), static_cast<std::int32_t>(names.size()),
                             text, status);
  }
  if (U_FAILURE(status)) return false;
  text.toUTF8String(out);
  return true;
}

}  // namespace huiyin
