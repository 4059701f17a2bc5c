#include "dialogs/sheets/template.h"

#include <algorithm>
#include <charconv>

#include "bot/talk/words.h"
#include "store/base/text.h"

namespace huiyin::sheets {
namespace {

constexpr int limit_max = 2000;

bool is_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  });
}

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t';
}

// Follows the HTML between the places as far as needed to know whether text may stand here, and
// names what a sheet must not hold: it is one page by itself, without scripts and without anything
// from elsewhere.
class Markup {
 public:
  explicit Markup(TemplateFaults& faults) : faults_(faults) {}

  bool in_text() const { return where_ == Where::text; }
  std::vector<std::string> styles;

  void read(char c, int line) {
    switch (where_) {
      case Where::text:
        if (c == '<') begin_tag(line);
        return;
      case Where::comment:
        seen_ += c;
        if (seen_.ends_with("-->")) where_ = Where::text;
        return;
      case Where::style:
        seen_ += c;
        if (seen_.ends_with("</style>")) end_style(line);
        return;
      case Where::tag:
        seen_ += c;
        if (seen_ == "!--") {
          where_ = Where::comment;
        } else if (quote_ != 0) {
          if (c == quote_) quote_ = 0;
        } else if (c == '"' || c == '\'') {
          quote_ = c;
        } else if (c == '>') {
          end_tag();
        }
        return;
    }
  }
  void finish(int line) {
    if (where_ != Where::text) fault(line, "the template ends within a tag", "close it");
  }

 private:
  enum class Where { text, tag, style, comment };

  void begin_tag(int line) {
    where_ = Where::tag;
    seen_.clear();
    tag_line_ = line;
  }

  void end_tag() {
    where_ = Where::text;
    seen_.pop_back();
    const std::string tag = lower_ascii(seen_);
    const std::string name = tag.substr(
        0, std::ranges::find_if(tag, [](char c) { return is_space(c) || c == '/'; }) - tag.begin());
    for (const char* banned : {"script", "iframe", "frame", "object", "embed", "link", "base",
                               "form", "img", "svg", "template", "textarea", "noscript", "math"}) {
      if (name == banned) {
        fault(tag_line_, "a sheet has no <" + name + ">", "remove it");
        return;
      }
    }
    attributes(tag);
    if (tag == "style") {
      where_ = Where::style;
      seen_.clear();
    } else if (name == "style") {
      fault(tag_line_, "<style> has no attributes", "write <style>");
    }
  }

  // Only those that cannot fetch, run or be forbidden by the policy.
  void attributes(const std::string& tag) {
    char quote = 0;
    std::string name;
    for (std::size_t i = 0; i < tag.size(); ++i) {
      const char c = tag[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (is_space(c) || c == '/') {
        name.clear();
      } else if (c == '=') {
        const bool fetches = name == "src" || name == "href" || name == "srcset" ||
                             name == "background" || name == "action" || name == "http-equiv";
        if (fetches || name.starts_with("on") || name == "style") {
          fault(tag_line_, "a sheet has no attribute " + name,
                name == "style" ? "give the element a class and style that in <style>"
                                : "remove it: a sheet fetches and runs nothing");
        }
      } else {
        name += c;
      }
    }
  }

  void end_style(int line) {
    where_ = Where::text;
    styles.push_back(seen_.substr(0, seen_.size() - std::string_view("</style>").size()));
    const std::string style = lower_ascii(styles.back());
    for (const char* banned : {"url(", "@import"}) {
      if (style.find(banned) == std::string::npos) continue;
      fault(line, std::string("the style has no ") + banned,
            "remove it: a sheet fetches nothing from elsewhere");
    }
  }

  void fault(int line, std::string rule, std::string remedy) {
    faults_.push_back({line, std::move(rule), std::move(remedy)});
  }

  TemplateFaults& faults_;
  Where where_ = Where::text;
  std::string seen_;
  char quote_ = 0;
  int tag_line_ = 1;
};

}  // namespace

class Template::Parser {
 public:
  Parser(std::string_view text, TemplateFaults& faults)
      : text_(text), faults_(faults), markup_(faults) {}

  std::vector<Node> run(std::vector<std::string>& styles) {
    std::vector<Node> nodes = level(nullptr);
    markup_.finish(line_);
    styles = std::move(markup_.styles);
    return nodes;
  }

 private:
  // Up to the end of `open`, or of the text.
  std::vector<Node> level(const Node* open) {
    std::vector<Node> nodes;
    for (;;) {
      const auto at = text_.find("{{");
      add_text(nodes, text_.substr(0, at));
      if (at == std::string_view::npos) break;
      text_.remove_prefix(at);
      const auto end = text_.find("}}");
      if (end == std::string_view::npos) {
        fault("a place is closed with }}", "close it");
        text_ = {};
        break;
      }
      const std::string_view inside = trim(text_.substr(2, end - 2));
      text_.remove_prefix(end + 2);
      if (!markup_.in_text()) {
        fault("{{" + std::string(inside) +
                  "}} stands within a tag, a style or a comment; a place stands in the text of an "
                  "element",
              "move it out");
      }
      if (inside.starts_with('/')) {
        if (open != nullptr && inside.substr(1) == open->text) return nodes;
        fault("{{" + std::string(inside) + "}} closes nothing that is open", "remove it");
      } else {
        place(nodes, inside);
      }
    }
    if (open != nullptr) {
      faults_.push_back({open->line, "{{" + open->text + "}} is not closed",
                         "write {{/" + open->text + "}} where it ends"});
    }
    return nodes;
  }

  void place(std::vector<Node>& nodes, std::string_view inside) {
    Node node{Kind::value, line_, {}, 0, false, {}};
    if (inside.starts_with('#')) node.kind = Kind::list;
    if (inside.starts_with('^')) node.kind = Kind::without;
    if (node.kind != Kind::value) inside.remove_prefix(1);
    const auto bar = inside.find('|');
    node.text = trim(inside.substr(0, bar));
    if (!is_name(node.text)) {
      fault("{{" + std::string(inside) + "}} is no name of a place",
            "write a name of a-z, 0-9, dot and underscore");
      return;
    }
    if (bar != std::string_view::npos) limit(node, trim(inside.substr(bar + 1)));
    if (node.kind != Kind::value) node.inner = level(&node);
    nodes.push_back(std::move(node));
  }

  void limit(Node& node, std::string_view number) {
    node.padded = number.ends_with('+');
    if (node.padded) number.remove_suffix(1);
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), node.limit);
    const bool whole = error == std::errc{} && end == number.data() + number.size();
    if (!whole || node.limit < 1 || node.limit > limit_max ||
        (node.padded && node.kind != Kind::list)) {
      fault("what stands behind the | of {{" + node.text + "}} is a number of 1 to " +
                std::to_string(limit_max) + ", of a list with + behind it if it is to be filled up",
            "write {{" + node.text + "|20}}");
      node.limit = 0;
    }
  }

  void add_text(std::vector<Node>& nodes, std::string_view text) {
    if (text.empty()) return;
    nodes.push_back({Kind::text, line_, std::string(text), 0, false, {}});
    for (const char c : text) {
      markup_.read(c, line_);
      line_ += c == '\n';
    }
  }

  void fault(std::string rule, std::string remedy) {
    faults_.push_back({line_, std::move(rule), std::move(remedy)});
  }

  std::string_view text_;
  TemplateFaults& faults_;
  Markup markup_;
  int line_ = 1;
};

class Template::Checker {
 public:
  TemplateFaults run(const std::vector<Node>& nodes, const Fields& known) {
    scopes_.push_back(&known);
    level(nodes);
    return std::move(faults_);
  }

 private:
  const Value* find(std::string_view name) const {
    for (const Fields* scope : scopes_) {
      if (const auto it = scope->find(name); it != scope->end()) return &it->second;
    }
    return nullptr;
  }

  void level(const std::vector<Node>& nodes) {
    for (const auto& node : nodes) {
      if (node.kind == Kind::text) continue;
      const Value* value = find(node.text);
      if (node.text == "overflow") {
        // Known everywhere: whether a list before it left something out.
      } else if (value == nullptr && node.text.ends_with(".more")) {
        const Value* list = find(std::string_view(node.text).substr(0, node.text.size() - 5));
        if (list == nullptr || !std::holds_alternative<List>(*list)) unknown(node);
      } else if (value == nullptr) {
        unknown(node);
      } else if (node.kind == Kind::value && std::holds_alternative<List>(*value)) {
        faults_.push_back({node.line, "{{" + node.text + "}} is a list",
                           "write {{#" + node.text + "}}…{{/" + node.text + "}} around a line"});
      }
      const List* list = value == nullptr ? nullptr : std::get_if<List>(value);
      const bool opens = node.kind == Kind::list && list != nullptr && !list->empty();
      if (opens) scopes_.push_back(&list->front());
      level(node.inner);
      if (opens) scopes_.pop_back();
    }
  }

  void unknown(const Node& node) {
    faults_.push_back({node.line, "{{" + node.text + "}} is nothing that a sheet can say",
                       "correct the name; those that came with the product are in use there"});
  }

  std::vector<const Fields*> scopes_;
  TemplateFaults faults_;
};

class Template::Renderer {
 public:
  std::string run(const std::vector<Node>& nodes, const Fields& fields) {
    scopes_.push_back(&fields);
    level(nodes);
    return std::move(out_);
  }

 private:
  const Value* find(std::string_view name) const {
    if (const auto it = more_.find(name); it != more_.end()) return &it->second;
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
      if (const auto it = (*scope)->find(name); it != (*scope)->end()) return &it->second;
    }
    return nullptr;
  }

  static bool says(const Value* value) {
    if (value == nullptr) return false;
    if (const auto* text = std::get_if<std::string>(value)) return !text->empty();
    if (const auto* html = std::get_if<Html>(value)) return !html->text.empty();
    return !std::get<List>(*value).empty();
  }

  void level(const std::vector<Node>& nodes) {
    for (const auto& node : nodes) {
      if (node.kind == Kind::text) {
        out_ += node.text;
        continue;
      }
      const Value* value = find(node.text);
      if (node.kind == Kind::value) {
        if (value != nullptr) write(*value, node.limit);
      } else if (node.kind == Kind::without) {
        if (!says(value)) level(node.inner);
      } else if (const List* list = value == nullptr ? nullptr : std::get_if<List>(value)) {
        each(node, *list);
      } else if (says(value)) {
        level(node.inner);
      }
    }
  }

  void write(const Value& value, int limit) {
    if (const auto* html = std::get_if<Html>(&value)) out_ += html->text;
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return;
    const auto most = static_cast<std::size_t>(limit);
    if (limit == 0 || code_points(*text) <= most) {
      out_ += escape_html(*text);
    } else {
      out_ += escape_html(first_code_points(*text, most - 1)) + "…";
    }
  }

  void each(const Node& node, const List& list) {
    const auto most = static_cast<std::size_t>(node.limit);
    const std::size_t first = node.limit > 0 && list.size() > most ? list.size() - most : 0;
    for (std::size_t i = first; i < list.size(); ++i) {
      scopes_.push_back(&list[i]);
      level(node.inner);
      scopes_.pop_back();
    }
    for (std::size_t i = list.size(); node.padded && i < most; ++i) level(node.inner);
    more_[node.text + ".more"] = first == 0 ? std::string() : std::to_string(first);
    if (first != 0) more_["overflow"] = std::string("yes");
  }

  std::vector<const Fields*> scopes_;
  Fields more_;
  std::string out_;
};

tl::expected<Template, TemplateFaults> Template::parse(std::string_view text) {
  TemplateFaults faults;
  Template made;
  // A browser takes the end of a line as one character before it compares the hash of a style.
  std::string plain(text);
  std::erase(plain, '\r');
  made.nodes_ = Parser(plain, faults).run(made.styles_);
  if (!faults.empty()) return tl::unexpected(std::move(faults));
  return made;
}

TemplateFaults Template::check(const Fields& known) const {
  return Checker().run(nodes_, known);
}

std::string Template::render(const Fields& fields) const {
  return Renderer().run(nodes_, fields);
}

}  // namespace huiyin::sheets
