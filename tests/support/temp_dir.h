// A folder of a test's own under /tmp, gone with the object. The path is short, so that a unix
// socket fits in it.
#pragma once
#include <string>
#include <string_view>

namespace huiyin::test {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }
  // Writes a file, making the folders on its way; returns its path.
  std::string write(std::string_view name, std::string_view text) const;

 private:
  std::string path_;
};

// The whole file; empty when there is none.
std::string read_file(const std::string& path);

}  // namespace huiyin::test
