#include "channels/http/router.h"

#include <stdexcept>

namespace huiyin::http {

struct Router::Node {
  std::unordered_map<std::string, std::unique_ptr<Node>, Hash, std::equal_to<>> children;
  std::unique_ptr<Node> any;  // a {name} part
  Targets targets;
};

namespace {

// Takes the first segment off "/a/b"; what is left begins with '/' or is empty.
std::string_view take_segment(std::string_view& rest) {
  rest.remove_prefix(1);
  const std::size_t end = std::min(rest.find('/'), rest.size());
  const std::string_view segment = rest.substr(0, end);
  rest.remove_prefix(end);
  return segment;
}

std::string allowed_methods(const std::vector<std::unique_ptr<Router::Target>>& targets) {
  std::string allow;
  bool get = false, head = false, options = false;
  for (const auto& target : targets) {
    allow += (allow.empty() ? "" : ", ") + target->method;
    get |= target->method == "GET";
    head |= target->method == "HEAD";
    options |= target->method == "OPTIONS";
  }
  if (get && !head) allow += ", HEAD";
  if (!options) allow += ", OPTIONS";
  return allow;
}

}  // namespace

Router::Router() : root_(std::make_unique<Node>()) {}
Router::~Router() = default;

void Router::add(std::string_view method, std::string_view pattern, Handler handler) {
  if (pattern.empty() || pattern[0] != '/') throw std::logic_error("a pattern begins with '/'");
  auto target = std::make_unique<Target>();
  target->method = method;
  target->pattern = pattern;
  target->handler = std::move(handler);
  Targets* targets = nullptr;
  if (pattern.find('{') == std::string_view::npos) {
    targets = &fixed_[std::string(pattern)];
  } else {
    Node* node = root_.get();
    for (std::string_view rest = pattern; !rest.empty();) {
      const std::string_view segment = take_segment(rest);
      const bool part = segment.starts_with('{');
      if (part != segment.ends_with('}')) {
        throw std::logic_error("a {name} is a whole segment: " + std::string(pattern));
      }
      if (part) target->names.emplace_back(segment.substr(1, segment.size() - 2));
      auto& next = part ? node->any : node->children[std::string(segment)];
      if (!next) next = std::make_unique<Node>();
      node = next.get();
    }
    targets = &node->targets;
  }
  for (const auto& other : *targets) {
    if (other->method == method) {
      throw std::logic_error("two handlers for " + target->method + " " + target->pattern);
    }
  }
  targets->push_back(std::move(target));
}

const Router::Targets* Router::walk(const Node& node, std::string_view rest,
                                    std::vector<std::string>& values) const {
  if (rest.empty()) return node.targets.empty() ? nullptr : &node.targets;
  auto segment = percent_decode(take_segment(rest));
  if (!segment) return nullptr;
  if (const auto child = node.children.find(*segment); child != node.children.end()) {
    if (const Targets* found = walk(*child->second, rest, values)) return found;
  }
  if (!node.any || segment->empty()) return nullptr;
  values.push_back(std::move(*segment));
  if (const Targets* found = walk(*node.any, rest, values)) return found;
  values.pop_back();
  return nullptr;
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  Match match;
  if (path.empty() || path[0] != '/') return match;
  const Targets* targets = nullptr;
  if (const auto it = fixed_.find(path); it != fixed_.end()) {
    targets = &it->second;
  } else if (path.find('%') != std::string_view::npos) {
    const auto decoded = percent_decode(path);
    const auto again = decoded ? fixed_.find(*decoded) : fixed_.end();
    if (again != fixed_.end()) targets = &again->second;
  }
  if (!targets) targets = walk(*root_, path, match.values);
  if (!targets) return match;
  match.path_known = true;
  const Target* get = nullptr;
  for (const auto& target : *targets) {
    if (target->method == method) match.target = target.get();
    if (target->method == "GET") get = target.get();
  }
  if (!match.target && method == "HEAD") match.target = get;
  if (!match.target) match.allow = allowed_methods(*targets);
  return match;
}

}  // namespace huiyin::http
