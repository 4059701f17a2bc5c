// Many words looked up at once: a trie over canonical characters. Filled, frozen, then read by any
// number of threads.
#pragma once
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "bot/understand/normalizer.h"

namespace huiyin {

// What a word of the lists means to the extractors.
enum class WordKind : std::uint8_t {
  time,      // payload: index into TimeWords::entries
  surname,   // payload: 1 when frequent enough to carry a name without a cue
  title,     // 女士, 师傅; payload unused
  nickname,  // 小, 老, 阿: before a surname
  name_cue,  // payload: 0 我叫, 联系人; 1 姓; 2 "my name is"; 3 "mr"; 4 "I'm"
  not_name,  // words that begin like a name and are none
  item,
  place,      // payload: 1 when public
  form,       // payload: index into the forms
  connector,  // 另外, also: what follows is a further matter
};

struct WordHit {
  int start, end;  // characters of the canonical text
  WordKind kind;
  std::int32_t payload;
};

class Lexicon {
 public:
  void add(std::u32string_view word, WordKind kind, std::int32_t payload = 0);
  void freeze();
  // Every word of the text: for each start and kind the longest, by start. Latin words match
  // whole words only. Linear in the text (the longest word bounds the look-ahead).
  void find_all(const Normalized& text, std::vector<WordHit>& hits) const;

 private:
  struct Edge {
    char32_t point;
    std::uint32_t node;
  };
  struct Value {
    WordKind kind;
    std::int32_t payload;
  };
  struct Node {
    std::uint32_t first_edge = 0, edges = 0, first_value = 0, values = 0;
  };
  struct Draft {
    std::map<char32_t, std::uint32_t> next;
    std::vector<Value> values;
  };
  const Node* step(const Node& node, char32_t point) const;

  std::vector<Draft> draft_{1};
  std::vector<Node> nodes_;
  std::vector<Edge> edges_;
  std::vector<Value> values_;
  std::vector<std::uint64_t> starts_;  // one bit for each character of the BMP that begins a word
};

}  // namespace huiyin
