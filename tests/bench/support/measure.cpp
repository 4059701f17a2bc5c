#include "tests/bench/support/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>

namespace huiyin::bench {

void give_up(const std::string& why) {
  std::cerr << program_invocation_short_name << ": " << why << '\n';
  std::exit(1);
}

void expect(bool holds, const std::string& what) {
  if (!holds) give_up(what);
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double percentile(std::vector<float>& values, double share) {
  if (values.empty()) return 0;
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * (values.size() - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

double rounded(double value) {
  return std::round(value * 1000) / 1000;
}

Folder::Folder() {
  std::string name = std::string(program_invocation_short_name) + ".XXXXXX";
  if (mkdtemp(name.data()) == nullptr) give_up("cannot make a folder here");
  path_ = std::filesystem::absolute(name).string();
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

double fsync_us(const Folder& folder) {
  const int fd = ::open((folder / "fsync").c_str(), O_CREAT | O_WRONLY, 0600);
  const std::string block(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < 100; ++i) {
    const auto start = std::chrono::steady_clock::now();
    if (::write(fd, block.data(), block.size()) < 0 || ::fdatasync(fd) != 0) give_up("no disk");
    times.push_back(seconds_since(start) * 1e6);
  }
  ::close(fd);
  return median(times);
}

double machine_load() {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? load : 0;
}

}  // namespace huiyin::bench
