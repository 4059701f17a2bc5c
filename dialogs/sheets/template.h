// A sheet as a clerk writes it: HTML with places to fill. All that is filled in is escaped, and the
// template has no way to say otherwise; only what the product made itself (Html) goes in as it is.
//
//   {{number}}                 the value; {{description|120}} at most 120 characters of it
//   {{#charges|5}}…{{/charges}}  once for each, the last five; {{#charges|5+}} always five, the
//                              missing ones empty, to be written on by hand
//   {{charges.more}}           after the list: how many were left out, empty when none
//   {{#overflow}}…{{/overflow}}  when a list before it left something out: a page to continue on
//   {{#quote}}…{{/quote}}      only with a value; {{^quote}}…{{/quote}} only without one
//
// Written by hand, for Debian's libctemplate forgets two things that are wanted here: it takes an
// unknown name for an empty one, where `huiyin check` has to name it, and its auto-escape follows
// the context that it parsed out of the template, while a sheet needs one context only: places
// stand in the text of elements, never within a tag, a style or a comment, and anything else is a
// fault of the template. Pure; a Template is immutable and thread-safe.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

namespace huiyin::sheets {

// Made by the product: a QR code, a drawn signature.
struct Html {
  std::string text;
};
struct Fields;
using List = std::vector<Fields>;
using Value = std::variant<std::string, Html, List>;
// What a template may name. Names within a list begin with a word of their own ("charge.item").
struct Fields : std::map<std::string, Value, std::less<>> {
  using map::map;
};

struct TemplateFault {
  int line;  // from 1
  std::string rule;
  std::string remedy;
};
using TemplateFaults = std::vector<TemplateFault>;

class Template {
 public:
  static tl::expected<Template, TemplateFaults> parse(std::string_view text);

  // Every place names something that `known` has, a list with one sample item each.
  TemplateFaults check(const Fields& known) const;
  std::string render(const Fields& fields) const;
  // What stands between <style> and </style>, in order: for hashes in a Content-Security-Policy.
  const std::vector<std::string>& styles() const { return styles_; }

 private:
  enum class Kind { text, value, list, without };
  struct Node {
    Kind kind;
    int line = 1;
    std::string text;  // the text, or the name
    int limit = 0;     // 0: none
    bool padded = false;
    std::vector<Node> inner;
  };
  class Parser;
  class Renderer;
  class Checker;

  std::vector<Node> nodes_;
  std::vector<std::string> styles_;
};

}  // namespace huiyin::sheets
