// Traditional Chinese from Simplified, by ICU's Hans-Hant. Slow to make (tens of milliseconds),
// used while loading only; not thread-safe.
#pragma once
#include <memory>
#include <string>
#include <string_view>

namespace huiyin {

class Traditional {
 public:
  Traditional();
  ~Traditional();
  // False: this ICU has no such transliterator (its data is incomplete).
  bool ready() const;
  std::string of(std::string_view simplified) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace huiyin
