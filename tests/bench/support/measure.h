// What every benchmark does around its figures: gives up with a reason, takes medians, keeps a
// folder, and notes what the disk and the machine were doing. One thread.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace huiyin::bench {

// Ends the program with 1, saying why under the program's name.
[[noreturn]] void give_up(const std::string& why);
void expect(bool holds, const std::string& what);

double seconds_since(std::chrono::steady_clock::time_point start);

// 0 of nothing.
double median(std::vector<double> values);
// `share` in [0, 1]; reorders the values. 0 of nothing.
double percentile(std::vector<float>& values, double share);
// To three places.
double rounded(double value);

// A folder on the disk of the working directory: /tmp may be memory. Goes with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// What the disk takes to make 4 KiB durable, in µs: the median of 100.
double fsync_us(const Folder& folder);
// Of the last minute.
double machine_load();

}  // namespace huiyin::bench
