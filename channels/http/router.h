// The routing table: which handler a method and a path mean. Filled before serving, then read by
// many threads. A path without parts is one hash lookup; the others walk a tree of segments.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "bot/http.h"

namespace huiyin::http {

class Router {
 public:
  struct Target {
    std::string method;
    std::string pattern;
    std::vector<std::string> names;  // of the {name} parts, from the left
    Handler handler;
  };
  struct Match {
    const Target* target = nullptr;  // null: no such path, or not with this method
    bool path_known = false;
    std::string allow;                // value of `Allow`, when the method is not known
    std::vector<std::string> values;  // of the {name} parts, decoded
  };

  Router();
  ~Router();
  // The same method and path twice, or a part that is no whole segment, throws std::logic_error.
  void add(std::string_view method, std::string_view pattern, Handler handler);
  // `path` as it came, escapes and all, without query. HEAD finds GET where it has no own handler.
  Match find(std::string_view method, std::string_view path) const;

 private:
  using Targets = std::vector<std::unique_ptr<Target>>;
  struct Node;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>{}(text);
    }
  };

  const Targets* walk(const Node& node, std::string_view rest,
                      std::vector<std::string>& values) const;

  std::unordered_map<std::string, Targets, Hash, std::equal_to<>> fixed_;
  std::unique_ptr<Node> root_;
};

}  // namespace huiyin::http
