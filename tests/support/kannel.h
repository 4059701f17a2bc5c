// A real Kannel (Debian packages kannel and kannel-extras) in a temporary folder on free ports,
// from config/kannel: bearerbox, smsbox, and fakesmsc as the network with the residents' phones.
#pragma once
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace huiyin::test {

// An SMS that a phone got, its parts joined.
struct Texted {
  std::string from;
  std::string to;
  std::string text;   // UTF-8
  bool ucs2 = false;  // came as UCS-2, else in the 7-bit alphabet
  int parts = 1;
  int parts_total = 1;

  bool whole() const { return parts == parts_total; }
};

class Kannel {
 public:
  struct Options {
    int gateway_port = 0;   // where the webhooks are
    bool mo_recode = true;  // false: UCS-2 arrives as UTF-16BE
  };
  // Starts all of it; throws std::runtime_error with the end of the logs when it does not come up.
  explicit Kannel(Options options);
  ~Kannel();

  std::string api_base() const;  // of sendsms
  std::string username() const { return "huiyin"; }
  std::string password() const { return "kannel-password"; }
  std::string secret() const { return "kannel-secret"; }

  // A phone writes. The network of the fake is one line: what it delivered before is kept.
  void text(const std::string& from, const std::string& to, const std::string& utf8);
  // What phones got so far, in order.
  std::vector<Texted> texted() const;
  // Waits until phones got `count` messages; false after a minute.
  bool wait_for(std::size_t count) const;
  // What smsbox has to say about our webhooks.
  std::string smsbox_log() const { return read_file(folder_ / "smsbox.log"); }

 private:
  void start_network(const std::string& message, int count);
  std::string tail(const std::string& name) const;
  static bool listening(int port);

  TempDir folder_;
  int admin_port_, smsbox_port_, network_port_, sendsms_port_;
  Process bearerbox_, smsbox_, network_;
};

}  // namespace huiyin::test
